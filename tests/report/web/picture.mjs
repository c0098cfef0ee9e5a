// A picture of a page: `node picture.mjs REPORT.html HASH WIDTH HEIGHT OUT.png`. README's are made so of the demo:
// captures/demo/report.png is `#overview` at 1280 x 1420, captures/demo/map.png `#map` at 1440 x 1240.

import {launch, visit} from './browser.mjs';

const [file, hash, width, height, out] = process.argv.slice(2);
const browser = await launch();
await visit(browser, file, {hash, width: Number(width), height: Number(height)}, (page) => page.screenshot({path: out}));
await browser.close();
