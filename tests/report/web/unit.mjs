// Bundles the unit tests and runs them: `node unit.mjs FOLDER`.

import {spawnSync} from 'node:child_process';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const web = join(here, '../../../src/report/web');
const {build} = createRequire(join(web, 'package.json'))('esbuild');
const out = join(process.argv[2], 'unit.test.mjs');
await build({entryPoints: [join(here, 'unit.test.ts')], bundle: true, platform: 'node', format: 'esm', target: 'node18',
  nodePaths: [join(web, 'node_modules')], outfile: out, logLevel: 'warning',
  // dagre is CommonJS and asks for nothing of Node's own.
  banner: {js: "import {createRequire as make} from 'node:module'; const require = make(import.meta.url);"}});
process.exit(spawnSync(process.execPath, ['--test', out], {stdio: 'inherit'}).status ?? 1);
