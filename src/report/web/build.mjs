// Bundles the page: `node build.mjs OUT` writes OUT/page.js and OUT/page.css, which the program
// puts into template.html together with a report.

import {build} from 'esbuild';
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, 'dist');
mkdirSync(out, {recursive: true});

const options = {
  absWorkingDir: here,
  entryPoints: ['src/main.tsx'],
  bundle: true,
  minify: true,
  charset: 'utf8',
  format: 'iife',
  target: ['es2020', 'chrome100', 'firefox100', 'safari15'],
  legalComments: 'none',  // their licences stand in the page's annex, in full
  jsx: 'automatic',
  jsxImportSource: 'preact',
  define: {'process.env.NODE_ENV': '"production"'},
  metafile: true,
  write: false,
  outdir: out,
};

/** Whose code is in the bundle, with the licence as each package carries it. */
const licences = (inputs) => {
  const names = new Set();
  for (const input of Object.keys(inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) names.add(found[1]);
  }
  return [...names].sort().map((name) => {
    const folder = join(here, 'node_modules', name);
    const {version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)(\.|$)/i.test(file)).sort();
    if (files.length === 0) throw new Error(`${name}: no licence in the package`);
    const text = files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
    return {name: `${name} ${version}`, licence: license, text};
  });
};

const bundle = (list) => build({...options, plugins: [{
  name: 'licences',
  setup(step) {
    step.onResolve({filter: /^licences$/}, () => ({path: 'licences', namespace: 'licences'}));
    step.onLoad({filter: /.*/, namespace: 'licences'},
      () => ({contents: JSON.stringify(list), loader: 'json'}));
  },
}]});

// Once to learn what is in it, once with that told.
const first = await bundle([]);
const last = await bundle(licences(first.metafile.inputs));
for (const file of last.outputFiles)
  writeFileSync(join(out, file.path.endsWith('.css') ? 'page.css' : 'page.js'), file.contents);
