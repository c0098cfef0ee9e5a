// The answer form in a real browser, from a blank sheet to the report that its file makes. PROGRAM, CAPTURES and SHOTS name the program, the
// captures, and where forms, files and screenshots go.

import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {faults, go, launch, print, visit, withAxe} from './browser.mjs';

const {PROGRAM, SHOTS, CAPTURES} = process.env;
const sets = ['ssat', 'ipa5min', 'meti10', 'basics5', 'cloud15'];
mkdirSync(SHOTS, {recursive: true});

const form = Object.fromEntries(sets.map((set) => [set, join(SHOTS, `form-${set}.html`)]));
for (const set of sets) execFileSync(PROGRAM, ['questions', '--set', set, '--export', 'html', '-o', form[set]]);
const held = (set) => JSON.parse(/<script type="application\/json" id="set">(.*?)<\/script>/s.exec(readFileSync(form[set], 'utf8'))[1]);
const ssat = held('ssat');
const questions = ssat.areas.flatMap((area) => area.questions);
const answers = join(SHOTS, 'answers.json');

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const body = (page, id) => page.locator(`#q-${id} > .body`);
const sums = (page) => page.locator('h2 [data-sum]').evaluateAll((all) => Object.fromEntries(all.map((each) => [each.dataset.sum, each.textContent])));
const message = (page) => page.locator('#message');

/** All that a page holds: what is filled in, what is asked, and the sums. */
const state = (page) => page.evaluate(() => ({
  said: Object.fromEntries([...document.querySelectorAll('input:checked')].map((each) => [each.name, each.value])),
  written: [...document.querySelectorAll('textarea, input[type=text], select')].map((each) => each.value),
  asked: [...document.querySelectorAll('.card > .body')].filter((each) => !each.hidden).map((each) => each.parentElement.id),
  sums: [...document.querySelectorAll('[data-sum]')].map((each) => each.textContent),
}));

const focus = (page) => page.evaluate(() => {
  const at = document.activeElement;
  return {id: at.id, name: at.getAttribute('name') ?? '', card: at.closest('.card')?.id ?? '', tag: at.tagName};
});

/** Presses Tab until the focus is where `wanted` says. */
const tabTo = async (page, wanted, key = 'Tab') => {
  for (let presses = 0; presses < 40; ++presses) {
    await page.keyboard.press(key);
    if (wanted(await focus(page))) return;
  }
  assert.fail(`40 times ${key}, and the focus is on ${JSON.stringify(await focus(page))}`);
};

/** Says the n-th choice of a question whose turn it is. */
const choose = async (page, id, n) => {
  await tabTo(page, ({name}) => name === `answer-${id}`);
  await page.keyboard.press('Space');
  for (let step = 0; step < n; ++step) await page.keyboard.press('ArrowRight');
};

const save = async (page, file) => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#save').press('Enter')]);
  assert.equal(download.suggestedFilename(), 'ssat-answers.json');
  await download.saveAs(file);
};

const open = async (page, file) => {
  await page.locator('#load').focus();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Space')]);
  await chooser.setFiles(file);
};

// Every choice comes up in every area, some with a note, and each seventh question stays open.
const plan = new Map();
questions.forEach((question, at) => {
  if (at % 7 !== 5) plan.set(question.id, at % 11 === 10 ? question.choices.length : (at * 5) % question.choices.length);
});
plan.set('39', 1).set('39a', 0).set('78', 0).set('78a', 1);

test('a form is filled by keyboard alone, and counts as it is', () => visit(browser, form.ssat, {}, async (page) => {
  await page.keyboard.press('Tab');
  assert.match(await page.evaluate(() => document.activeElement.className), /skip/);
  await page.keyboard.press('Enter');
  await tabTo(page, ({card, tag}) => card === '' && tag === 'INPUT');
  await page.keyboard.type('Kiso Paper');
  for (const area of ssat.areas) {
    const before = await sums(page);
    for (const {id, choices} of area.questions) {
      if (!plan.has(id)) continue;
      const at = plan.get(id);
      await choose(page, id, at);
      assert.equal(await page.locator(`[name="answer-${id}"]:checked`).getAttribute('value'), [...choices, 'na'][at]);
      assert.equal(await page.locator(`#q-${id} .wanted`).isVisible(), at === choices.length);
      if (at !== choices.length) continue;
      await tabTo(page, ({tag}) => tag === 'TEXTAREA');
      await page.keyboard.type(`not here: ${id}`);
      assert.ok(await page.locator(`#q-${id} .wanted`).isHidden());
    }
    const now = await sums(page);
    assert.notEqual(now[area.id], before[area.id]);
    assert.deepEqual({...now, [area.id]: ''}, {...before, [area.id]: ''});
  }
  // An improvement of one.
  await page.locator('[name="answer-3"]').first().focus();
  await tabTo(page, ({tag}) => tag === 'SUMMARY');
  await page.keyboard.press('Enter');
  await tabTo(page, ({name}) => name === 'after-3');
  await page.keyboard.press('Space');
  await tabTo(page, ({tag}) => tag === 'SELECT');
  await page.keyboard.press('ArrowDown');
  const whole = await state(page);
  assert.equal(whole.said['after-3'], questions[2].choices[0]);
  await save(page, answers);
  assert.ok(await message(page).isVisible());

  // The other language says the same of the same.
  await page.locator('#language').press('Enter');
  assert.equal(await page.locator('html').getAttribute('lang'), 'ja');
  assert.deepEqual(await state(page), whole);
  const english = (await page.locator('body').innerText()).match(/\b(the|and|of|is|Note|Save|yes|no)\b/g);
  assert.deepEqual(english, null);
}));

test('a follow-up appears only where it applies', () => visit(browser, form.ssat, {}, async (page) => {
  const asked = {yes: [false, true], partial: [true, false], no: [true, false], na: [false, false]};
  for (const [answer, [after39, after78]] of Object.entries(asked)) {
    for (const [id, wanted] of [['39', after39], ['78', after78]]) {
      const radio = page.locator(`[name="answer-${id}"][value="${answer}"]`);
      if (await radio.count() === 0) continue;
      await radio.press('Space');
      assert.equal(await body(page, `${id}a`).isVisible(), wanted, `${id} ${answer}`);
      assert.equal(await page.locator(`#q-${id}a .inherits`).isVisible(), !wanted);
    }
  }
  // Its points are its parent's where it is not asked.
  await page.locator('[name="answer-39"][value="yes"]').press('Space');
  assert.equal((await sums(page))['3b'], '1.5 / 14.5');
  await page.locator('#q-39 .body > .choices button').press('Enter');
  assert.ok(await body(page, '39a').isVisible());
  assert.equal((await sums(page))['3b'], '0 / 14.5');
}));

test('a saved file is read again as it was', () => visit(browser, form.ssat, {confirm: () => true}, async (page) => {
  await open(page, answers);
  await message(page).filter({hasText: `${plan.size} answers read`}).waitFor();
  const read = await state(page);
  const saved = JSON.parse(readFileSync(answers, 'utf8'));
  assert.equal(saved.organisation, 'Kiso Paper');
  assert.deepEqual(read.said, Object.fromEntries(saved.answers.flatMap((each) =>
    [[`answer-${each.id}`, each.answer], ...(each.after ? [[`after-${each.id}`, each.after]] : [])])));
  const again = join(SHOTS, 'answers-again.json');
  await save(page, again);
  assert.equal(readFileSync(again, 'utf8'), readFileSync(answers, 'utf8'));
}));

test('a wrong file is refused in words, and nothing is lost', async () => {
  const asked = [];
  const confirm = (text) => { asked.push(text); return false; };
  await visit(browser, form.ssat, {confirm}, async (page) => {
    await page.locator('[name="answer-1"]').first().press('Space');
    await page.locator('#q-1 summary').press('Enter');
    await page.locator('#q-2 textarea').fill('kept');
    const before = await state(page);
    const wrong = {'cut.json': readFileSync(answers, 'utf8').slice(0, -20), 'other.json': '{"format": "meti10-answers", "answers": []}', 'empty.json': '',
      'null.json': 'null', 'list.json': '[]', 'none.json': '{"format": "ssat-answers", "answers": {}}', 'picture.json': Buffer.from([0x89, 0x50, 0xff, 0])};
    for (const [name, content] of Object.entries(wrong)) {
      writeFileSync(join(SHOTS, name), content);
      await open(page, join(SHOTS, name));
      await message(page).filter({hasText: `${name} is not an answer file of this questionnaire (ssat-answers)`}).waitFor();
      assert.deepEqual(await state(page), before, name);
    }
    assert.ok(await page.locator('#q-1 details').evaluate((each) => each.open));
    assert.deepEqual(asked, []);
    // The right one would replace what is here: it asks first, and no is no.
    await open(page, answers);
    await page.waitForTimeout(100);
    assert.equal(asked.length, 1);
    assert.deepEqual(await state(page), before);
  });
  await visit(browser, form.ssat, {}, async (page) => {
    const odd = {format: 'ssat-answers', answers: [{id: '1', answer: 'yes', note: '<b onclick="x()">備考</b>'}, {id: '1000', answer: 'yes'},
      {id: '2', answer: 'maybe', fix: 'R'}, null, {id: '30', answer: 'partial'}, {id: '__proto__', answer: 'no'}]};
    writeFileSync(join(SHOTS, 'odd.json'), JSON.stringify(odd));
    await open(page, join(SHOTS, 'odd.json'));
    await message(page).filter({hasText: '2 answers read'}).waitFor();
    for (const left of ['1000', '2 answer', 'null', '30 answer', '__proto__']) assert.ok((await message(page).innerText()).includes(left), left);
    assert.equal(await page.locator('#q-1 textarea').inputValue(), '<b onclick="x()">備考</b>');
  });
});

test('the language changes under a reader who stays where he is', () => visit(browser, form.ssat, {width: 390, height: 844}, async (page) => {
  await page.locator('#q-52 summary').press('Enter');
  await page.locator('#language').focus();
  await page.evaluate(() => document.getElementById('q-52').scrollIntoView());
  const top = () => page.locator('#q-52').evaluate((each) => each.getBoundingClientRect().top - document.querySelector('header').offsetHeight);
  const before = await top();
  await page.keyboard.press('Enter');
  assert.ok(Math.abs(await top() - before) < 3, `${before} px, then ${await top()} px`);
  assert.ok(await page.locator('#q-52 details').evaluate((each) => each.open));
}));

test('what has the focus is not under the header', () => visit(browser, form.ssat, {width: 390, height: 844}, async (page) => {
  await page.locator('[name="answer-52"]').first().focus();
  for (let presses = 0; presses < 40; ++presses) {
    await page.keyboard.press('Shift+Tab');
    const [top, header] = await page.evaluate(() => [document.activeElement.getBoundingClientRect().top, document.querySelector('header').getBoundingClientRect().bottom]);
    assert.ok(top >= header, `${top} px under ${header} px`);
  }
}));

test('the program takes the file, and counts as the form did', async () => {
  const out = join(SHOTS, 'filled');
  const done = spawnSync(PROGRAM, ['assess', join(CAPTURES, 'demo/plant.pcap'), '--answers', answers, '--zones', join(CAPTURES, 'demo/demo-zones.json'),
    '--vantage', 'B', '-o', out], {encoding: 'utf8'});
  assert.ok(done.status === 0 || done.status === 1, done.stderr);
  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
  await visit(browser, form.ssat, {}, async (page) => {
    await open(page, answers);
    await message(page).filter({hasText: 'answers read'}).waitFor();
    const {score, areas} = report.summary;
    assert.deepEqual(await sums(page), Object.fromEntries(areas.map((area) => [area.id, `${area.claimed} / ${area.claimed_most}`])));
    const total = await page.locator('#total').innerText();
    assert.ok(total.includes(`${score.claimed} of ${score.claimed_most} points`), total);
    assert.ok(total.includes(`after improvement ${score.after}`), total);
  });
  // And its report stands as any other.
  await visit(browser, join(out, 'report.html'), {hash: '#contradictions'}, async (page) => {
    const first = report.contradictions.find((each) => each.command !== null);
    assert.ok(first);
    await page.locator('main a.frame').first().click();
    const detail = page.locator('aside.detail');
    assert.match(await detail.locator('h2').innerText(), /#\d+/);
    assert.match(await detail.innerText(), /sekimori evidence report\.sekimori/);
    await page.getByRole('button', {name: '日本語'}).click();
    assert.equal(await page.locator('html').getAttribute('lang'), 'ja');
    assert.match(await page.locator('aside.detail').innerText(), /sekimori evidence report\.sekimori/);
    await go(page, '#questions?lang=en&q=recovery');
    const shown = page.locator('main [aria-live]').first();
    await page.waitForFunction((all) => document.querySelector('main [aria-live]').textContent.endsWith(` of ${all}`), report.questions.length);
    assert.ok(Number.parseInt(await shown.innerText(), 10) > 0);
    const sheets = await print(page, join(SHOTS, 'filled.pdf'));
    assert.ok(sheets.length > 10);
  });
});

for (const [scheme, locale] of [['light', 'en-US'], ['dark', 'ja-JP'], ['dark', 'en-US'], ['light', 'ja-JP']]) {
  test(`contrast, names and roles of the form (${scheme}, ${locale})`, () => visit(browser, form.ssat, {scheme, locale}, async (page) => {
    await withAxe(page);
    assert.deepEqual(await faults(page, 'blank'), []);
    await open(page, answers);
    await message(page).waitFor();
    await page.locator('details').evaluateAll((all) => all.forEach((each, at) => { each.open = at % 10 === 0; }));
    await page.locator('[name="answer-9"][value="na"]').press('Space');
    assert.deepEqual(await faults(page, 'filled'), []);
  }));
}

for (const set of sets) {
  test(`the form of ${set} at both widths, in both languages`, async () => {
    for (const [width, scheme, locale] of [[1440, 'light', 'ja-JP'], [1440, 'dark', 'en-US'], [390, 'light', 'en-US'], [390, 'dark', 'ja-JP']]) {
      await visit(browser, form[set], {width, scheme, locale}, async (page) => {
        for (const slip of ['undefined', 'NaN', '[object', 'null', '{n}', '{sum}']) assert.ok(!(await page.locator('body').innerText()).includes(slip), slip);
        const shot = (name) => page.screenshot({path: join(SHOTS, `form-${set}${name}-${width}-${locale.slice(0, 2)}.png`)});
        await shot('');
        await page.locator('details').evaluateAll((all) => all.forEach((each) => { each.open = true; }));
        for (const radio of await page.locator('.card > .body > .choices').all()) if (await radio.isVisible()) await radio.locator('input').nth(1).press('Space');
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(over <= 0, `${over} px too wide`);
        await page.locator('#next').press('Enter');
        assert.ok(await message(page).isVisible());
        await shot('-filled');
        // Nothing of the header hides the question that a link or the next one leads to.
        await page.locator('#areas a').last().press('Enter');
        const [heading, header] = await page.evaluate(() => [document.querySelector('main section:last-child h2').getBoundingClientRect(), document.querySelector('header').getBoundingClientRect()]);
        assert.ok(heading.top >= header.bottom, `${heading.top} px under ${header.bottom} px`);
      });
    }
  });
}

test('a form prints whole', () => visit(browser, form.ssat, {}, async (page) => {
  const sheets = await print(page, join(SHOTS, 'form.pdf'));
  const text = sheets.join('').replace(/\s+/g, '');
  for (const question of questions) assert.ok(text.includes(question.text.en.replace(/\s+/g, '')), question.id);
}));
