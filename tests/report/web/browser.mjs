// A browser that watches what a page does: its errors, and whatever it would fetch.

import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

export const web = join(dirname(fileURLToPath(import.meta.url)), '../../../src/report/web');
export const require = createRequire(join(web, 'package.json'));
const {chromium} = require('playwright-core');

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});

/** Opens a page, hands it to `use`, and holds that it was quiet: no error, no dialog, no request but itself. */
export const visit = async (browser, file, {hash = '', width = 1440, height = 900, scheme = 'light', locale = 'en-US'}, use) => {
  const context = await browser.newContext({viewport: {width, height}, colorScheme: scheme, locale, acceptDownloads: true});
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  const said = [];
  page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') said.push(`console: ${message.text()}`); });
  page.on('pageerror', (error) => said.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => { said.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
  page.on('popup', () => said.push('popup'));
  const itself = pathToFileURL(file).href;
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith('data:') && !url.startsWith('blob:') && url.split('#')[0] !== itself) said.push(`request: ${url}`);
  });
  try {
    await page.goto(`${itself}${hash}`);
    await page.waitForSelector('main');
    const result = await use(page);
    assert.deepEqual(said, []);
    return result;
  } finally {
    await context.close();
  }
};

/** Goes to another place of the same page. */
export const go = async (page, hash) => {
  await page.evaluate((to) => { location.hash = to; }, hash);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
};
