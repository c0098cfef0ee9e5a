// A browser that watches what a page does: its errors, and whatever it would fetch.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

export const web = join(dirname(fileURLToPath(import.meta.url)), '../../../src/report/web');
const require = createRequire(join(web, 'package.json'));
const {chromium} = require('playwright-core');

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});

/**
 * Opens a page, hands it to `use`, and holds that it was quiet: no error, no request but itself, and no dialog unless `confirm` answers it
 * with true or false.
 */
export const visit = async (browser, file, {hash = '', width = 1440, height = 900, scheme = 'light', locale = 'en-US', confirm}, use) => {
  const context = await browser.newContext({viewport: {width, height}, colorScheme: scheme, locale, acceptDownloads: true});
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  const said = [];
  page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') said.push(`console: ${message.text()}`); });
  page.on('pageerror', (error) => said.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    if (confirm === undefined || dialog.type() !== 'confirm') said.push(`dialog: ${dialog.message()}`);
    void (confirm?.(dialog.message()) ? dialog.accept() : dialog.dismiss());
  });
  page.on('popup', () => said.push('popup'));
  page.on('filechooser', () => {});  // so that it is listened for before a key opens one
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

/** What is not as WCAG 2.1 AA wants it; axe has to be in the page (`withAxe`). */
export const faults = async (page, place) => {
  const found = await page.evaluate(() => window.axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations']}));
  return found.violations.map((each) => `${place}: ${each.id}: ${each.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`).join(' | ')}`);
};

export const withAxe = (page) => page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));

/** Prints a page to A4 and tells the text of each sheet. */
export const print = async (page, file) => {
  await page.pdf({path: file, preferCSSPageSize: true});
  const told = execFileSync('pdfinfo', [file], {encoding: 'utf8'});
  const size = /Page size: +([\d.]+) x ([\d.]+)/.exec(told).slice(1).map(Number);
  assert.ok(Math.abs(size[0] - 595) < 2 && Math.abs(size[1] - 842) < 2, 'A4');
  const sheets = execFileSync('pdftotext', ['-layout', file, '-'], {encoding: 'utf8'}).split('\f').slice(0, -1);
  assert.equal(sheets.length, Number(/Pages: +(\d+)/.exec(told)[1]));
  sheets.forEach((text, at) => assert.ok(text.trim().length > 0, `page ${at + 1} is blank`));
  return sheets;
};
