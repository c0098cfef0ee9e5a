'use strict';
// A questionnaire to fill in. What is said stands in `state` alone; the page is drawn from it. The
// sums are those of the program (reconcile/judge.cpp): a follow-up that is not asked inherits its
// parent's answer, and what does not apply is in neither sum nor maximum.

const SET = JSON.parse(document.getElementById('set').textContent);
const SAY = {
  skip: ['Skip to the questions', '設問へ移動'],
  load: ['Open', '開く'],
  save: ['Save', '保存'],
  next: ['Next unanswered', '次の未回答へ'],
  language: ['日本語', 'English'],
  areas: ['Areas', '領域'],
  cover: ['Cover', '表紙'],
  answered: ['{n} of {all} answered', '{all}問中{n}問に回答'],
  points: ['{sum} of {most} points', '{most}点中{sum}点'],
  after: ['after improvement {sum}', '改善後{sum}点'],
  criterion: ['Criterion: ', '判断基準：'],
  note: ['Note', '備考'],
  wanted: ['Say in the note why this does not apply.', '「対象外」とする理由を備考に記入してください。'],
  automatic: ['Not asked: it counts as “{answer}”, as question {of} does.', 'この設問への回答は不要です（設問{of}と同じ「{answer}」として数えます）。'],
  waits: ['Asked once question {of} is answered.', '設問{of}に答えると、必要な場合にだけ表示されます。'],
  plan: ['Improvement, evidence', '改善の予定・根拠'],
  afterwards: ['Answer after the improvement', '改善後の回答'],
  fix: ['Means', '改善の手段'],
  difficulty: ['Difficulty', '難易度'],
  obstacle: ['Obstacle', '改善の障害'],
  evidence_ref: ['Evidence', '根拠'],
  answered_by: ['Answered by', '回答者'],
  answered_on: ['Date', '回答日'],
  nothing: ['—', '—'],
  clear: ['clear', '取消'],
  saved: ['Saved: {file}', '保存しました：{file}'],
  saved_wants: ['Saved: {file}\nA note is still missing for: {ids}', '保存しました：{file}\n備考が未記入の「対象外」：{ids}'],
  loaded: ['{n} answers read.', '{n}件の回答を読み込みました。'],
  unknown: ['Left out, since this sheet does not have them: {ids}', 'この調査票に無いため取り込まなかった項目：{ids}'],
  refused: ['{file} is not an answer file of this questionnaire ({format}). What is on this page stays as it was.',
    '{file}は、この調査票の回答ファイル（{format}）ではありません。このページの記入内容はそのままです。'],
  complete: ['Every question is answered.', 'すべての設問に回答済みです。'],
  replace: ['Replace what is on this page?', 'このページの記入内容を置き換えますか。'],
};
const TEXTS = ['note', 'evidence_ref', 'answered_by', 'answered_on'];
const LISTS = {fix: SET.fix_types, difficulty: SET.difficulties, obstacle: SET.obstacles};
const KEYS = ['answer', 'after', ...Object.keys(LISTS), ...TEXTS];
const NA = 'na';

const questions = SET.areas.flatMap((area) => area.questions);
const byId = new Map(questions.map((question) => [question.id, question]));
const choices = new Map(SET.choices.map((choice) => [choice.id, choice]));
let state = {cover: {}, answers: new Map()};
let ja = !/^en/i.test(navigator.language || 'ja');
let changed = false;
const header = document.querySelector('header');

const say = (key, values = {}) =>
  SAY[key][ja ? 1 : 0].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
const text = (both) => (ja ? both.ja : both.en);
const given = (id, key) => (state.answers.get(id) || {})[key] || '';
const means = (answer) => (answer === NA ? NA : answer ? choices.get(answer).means : '');

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (typeof value === 'boolean') made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/// The answer that a question counts with, and whether it was inherited.
function settled(question, key) {
  const after = (id) => given(id, 'after') || given(id, 'answer');
  const own = key === 'after' ? after(question.id) : given(question.id, 'answer');
  if (!question.follow_up) return {answer: own, automatic: false};
  const parent = key === 'after' ? after(question.follow_up.of) : given(question.follow_up.of, 'answer');
  const asked = question.follow_up.asked_when.includes(means(parent));
  const automatic = !asked || (own === '' && means(parent) === NA);
  return {answer: automatic ? parent : own, automatic};
}

const best = (question) => Math.max(...question.choices.map((id) => choices.get(id).value)) * question.weight;

function sums(list) {
  const sum = {points: 0, most: 0, after: 0, answered: 0};
  for (const question of list) {
    const {answer} = settled(question, 'answer');
    if (answer !== '') sum.answered += 1;
    if (answer !== NA) sum.most += best(question);
    if (answer !== NA && answer) sum.points += choices.get(answer).value * question.weight;
    const after = settled(question, 'after').answer;
    if (after !== NA && after) sum.after += choices.get(after).value * question.weight;
  }
  return sum;
}

const wants = (question) => {
  const {automatic} = settled(question, 'answer');
  const says = given(question.id, 'answer') === NA || given(question.id, 'after') === NA;
  return !automatic && says && given(question.id, 'note').trim() === '';
};

function set(id, key, value) {
  const answer = state.answers.get(id) || {};
  if (value) answer[key] = value;
  else delete answer[key];
  if (Object.keys(answer).length > 0) state.answers.set(id, answer);
  else state.answers.delete(id);
  changed = true;
  tell('');
}

function tell(message) {
  const place = document.getElementById('message');
  place.textContent = message;
  place.hidden = message === '';
}

// Drawing.

const points = (number) => String(Math.round(number * 100) / 100);

function drawSums() {
  const all = sums(questions);
  const place = document.getElementById('total');
  const score = element('b', {}, say('points', {sum: points(all.points), most: points(all.most)}));
  place.replaceChildren(score, ' ', element('span', {}, say('answered', {n: all.answered, all: questions.length})));
  if (all.after !== all.points) place.append(' ', element('span', {}, say('after', {sum: points(all.after)})));
  for (const area of SET.areas) {
    const sum = sums(area.questions);
    const line = points(sum.points) + ' / ' + points(sum.most);
    for (const at of document.querySelectorAll(`[data-sum="${CSS.escape(area.id)}"]`)) at.textContent = line;
    const bar = document.getElementById('bar-' + area.id);
    bar.max = Math.max(sum.most, 0.001);
    bar.value = Math.max(sum.points, 0);
  }
}

function drawCard(card, question) {
  const {answer, automatic} = settled(question, 'answer');
  card.classList.toggle('automatic', automatic);
  card.classList.toggle('done', !automatic && answer !== '' && !wants(question));
  card.classList.toggle('wants', wants(question));
  card.querySelector('.wanted').hidden = !wants(question);
  card.querySelector('.body').hidden = automatic;
  const inherits = card.querySelector('.inherits');
  inherits.hidden = !automatic;
  if (!automatic) return;
  const of = question.follow_up.of;
  inherits.textContent = answer === '' ? say('waits', {of})
    : say('automatic', {of, answer: text(answer === NA ? SET.not_applicable : choices.get(answer).title)});
}

function redraw(id) {
  for (const question of questions)
    if (question.id === id || (question.follow_up && question.follow_up.of === id))
      drawCard(document.getElementById('q-' + question.id), question);
  drawSums();
}

function answerRow(question, key) {
  const options = question.choices.map((id) => [id, text(choices.get(id).title)]);
  options.push([NA, text(SET.not_applicable)]);
  const name = key + '-' + question.id;
  const label = 'l-' + question.id + (key === 'after' ? ' w-' + question.id : '');
  const row = element('div', {class: 'choices', role: 'radiogroup', 'aria-labelledby': label});
  for (const [value, title] of options) {
    const radio = element('input', {type: 'radio', name, value, checked: given(question.id, key) === value,
      onchange: () => { set(question.id, key, value); redraw(question.id); }});
    row.append(element('label', {class: 'choice'}, radio, title));
  }
  row.append(element('button', {type: 'button', onclick: () => {
    set(question.id, key, '');
    for (const radio of row.querySelectorAll('input')) radio.checked = false;
    redraw(question.id);
  }}, say('clear')));
  return row;
}

function select(question, key) {
  const list = element('select', {onchange: (event) => set(question.id, key, event.target.value)});
  list.append(element('option', {value: ''}, say('nothing')));
  for (const [id, title] of Object.entries(LISTS[key]))
    list.append(element('option', {value: id, selected: given(question.id, key) === id}, text(title)));
  return element('label', {}, say(key), list);
}

function input(question, key) {
  const field = element('input', {type: 'text', value: given(question.id, key),
    oninput: (event) => set(question.id, key, event.target.value)});
  return element('label', {}, say(key), field);
}

function plan(question) {
  const open = ['after', ...Object.keys(LISTS), 'evidence_ref'].some((key) => given(question.id, key) !== '');
  const fields = element('div', {class: 'fields'});
  for (const key of Object.keys(LISTS))
    if (Object.keys(LISTS[key]).length > 0) fields.append(select(question, key));
  for (const key of TEXTS.slice(1)) fields.append(input(question, key));
  return element('details', {open}, element('summary', {}, say('plan')),
    element('p', {class: 'criterion', id: 'w-' + question.id}, say('afterwards')), answerRow(question, 'after'), fields);
}

function card(question) {
  const note = element('textarea', {rows: '1', oninput: (event) => {
    set(question.id, 'note', event.target.value);
    redraw(question.id);
  }});
  note.value = given(question.id, 'note');
  const title = element('legend', {id: 'l-' + question.id}, element('span', {class: 'id'}, question.id), text(question.text));
  const body = element('div', {class: 'body'}, answerRow(question, 'answer'), element('p', {class: 'wanted'}, say('wanted')),
    element('label', {class: 'note'}, say('note'), note), plan(question));
  const made = element('fieldset', {class: 'card', id: 'q-' + question.id}, title,
    element('p', {class: 'criterion'}, say('criterion') + text(question.yes_when)), element('p', {class: 'inherits'}), body);
  drawCard(made, question);
  return made;
}

function cover() {
  const fields = element('div', {class: 'fields card'});
  for (const field of SET.cover) {
    const keep = (event) => { state.cover[field.id] = event.target.value; changed = true; };
    let box;
    if (field.values.length > 0) {
      box = element('select', {onchange: keep}, element('option', {value: ''}, say('nothing')));
      for (const value of field.values)
        box.append(element('option', {value, selected: state.cover[field.id] === value}, value));
    } else {
      box = element('input', {type: 'text', oninput: keep, value: state.cover[field.id] || ''});
    }
    fields.append(element('label', {}, text(field.title), box));
  }
  return element('section', {id: 'cover'}, element('h2', {}, say('cover')), fields);
}

function draw() {
  document.documentElement.lang = ja ? 'ja' : 'en';
  document.title = text(SET.title);
  document.getElementById('title').textContent = text(SET.title);
  const language = document.getElementById('language');
  language.textContent = say('language');
  language.lang = ja ? 'en' : 'ja';
  for (const place of document.querySelectorAll('[data-say]')) place.textContent = say(place.dataset.say);
  const areas = document.getElementById('areas');
  const sheet = document.getElementById('sheet');
  areas.setAttribute('aria-label', say('areas'));
  areas.replaceChildren(element('a', {href: '#cover'}, say('cover')));
  sheet.replaceChildren(cover());
  for (const area of SET.areas) {
    const title = area.id + ' ' + text(area.title);
    areas.append(element('a', {href: '#a-' + area.id}, title, element('span', {class: 'sum'},
      element('progress', {id: 'bar-' + area.id, 'aria-label': title}), element('span', {'data-sum': area.id}))));
    sheet.append(element('section', {id: 'a-' + area.id},
      element('h2', {}, title, element('span', {'data-sum': area.id})), ...area.questions.map(card)));
  }
  drawSums();
}

// Files.

function saved() {
  const json = {format: SET.id + '-answers', version: 1};
  for (const field of SET.cover) if (state.cover[field.id]) json[field.id] = state.cover[field.id];
  json.answers = questions.filter((question) => state.answers.has(question.id))
    .map((question) => ({id: question.id, ...state.answers.get(question.id)}));
  return JSON.stringify(json, null, 1) + '\n';
}

function save() {
  const file = SET.id + '-answers.json';
  const url = URL.createObjectURL(new Blob([saved()], {type: 'application/json'}));
  element('a', {href: url, download: file}).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
  changed = false;
  const ids = questions.filter(wants).map((question) => question.id).join(', ');
  tell(say(ids ? 'saved_wants' : 'saved', {file, ids}));
}

/// What of a file this page would have written, and the names of the rest.
function read(json) {
  const next = {cover: {}, answers: new Map()};
  const left = [];
  for (const field of SET.cover) {
    const value = json[field.id];
    if (typeof value !== 'string' || value === '') continue;
    if (field.values.length > 0 && !field.values.includes(value)) left.push(field.id);
    else next.cover[field.id] = value;
  }
  for (const item of json.answers) {
    const question = item && byId.get(String(item.id));
    if (!question) { left.push(String(item && item.id)); continue; }
    const answer = {};
    for (const key of KEYS) {
      let value = item[key];
      if (key === 'after' && value === undefined) value = item.answer_after;
      if (typeof value !== 'string' || value === '') continue;
      const known = key === 'answer' || key === 'after' ? value === NA || question.choices.includes(value)
        : key in LISTS ? Object.hasOwn(LISTS[key], value) : true;
      if (known) answer[key] = value;
      else left.push(question.id + ' ' + key);
    }
    if (Object.keys(answer).length > 0) next.answers.set(question.id, answer);
  }
  return {next, left};
}

async function load(event) {
  const [file] = event.target.files;
  if (!file) return;
  let json = null;
  try {
    json = JSON.parse((await file.text()).replace(/^\uFEFF/, ''));
  } catch (error) {
    json = null;
  }
  event.target.value = '';
  const format = SET.id + '-answers';
  if (!json || json.format !== format || !Array.isArray(json.answers)) { tell(say('refused', {file: file.name, format})); return; }
  if (changed && !confirm(say('replace'))) return;
  const {next, left} = read(json);
  state = next;
  changed = false;
  draw();
  const message = say('loaded', {n: state.answers.size});
  tell(left.length === 0 ? message : message + '\n' + say('unknown', {ids: left.slice(0, 20).join(', ')}));
}

function next() {
  const open = questions.filter((question) => {
    const {answer, automatic} = settled(question, 'answer');
    return wants(question) || (answer === '' && !automatic);
  });
  if (open.length === 0) { tell(say('complete')); return; }
  const focused = document.activeElement && document.activeElement.closest('.card[id]');
  const at = focused ? questions.findIndex((question) => 'q-' + question.id === focused.id) : -1;
  const target = open.find((question) => questions.indexOf(question) > at) || open[0];
  const place = document.getElementById('q-' + target.id);
  place.scrollIntoView({block: 'start'});
  place.querySelector('input').focus({preventScroll: true});
}

/// How far a card's top is under the header.
const below = (card) => card.getBoundingClientRect().top - header.offsetHeight;

/// The reader stays at the question that he sees first, with what was open.
function changeLanguage() {
  const cards = [...document.querySelectorAll('.card[id]')];
  const open = cards.filter((each) => each.querySelector('details[open]')).map((each) => each.id);
  const first = cards.find((each) => below(each) >= 0) || cards.at(-1);
  const was = below(first);
  const scrolled = scrollY > 0;
  ja = !ja;
  draw();
  tell('');
  for (const id of open) document.getElementById(id).querySelector('details').open = true;
  if (scrolled) scrollBy(0, below(document.getElementById(first.id)) - was);
}

// What a link leads to is not under the header, however high that is.
new ResizeObserver(() => {
  document.documentElement.style.setProperty('--header', header.offsetHeight + 'px');
}).observe(header);

// Nor does what a key leads to stay under it.
document.getElementById('sheet').addEventListener('focusin', ({target}) => {
  const hidden = header.offsetHeight + 12 - target.getBoundingClientRect().top;
  if (hidden > 0 && target.matches(':focus-visible')) scrollBy(0, -hidden);
});

document.getElementById('language').addEventListener('click', changeLanguage);
document.getElementById('save').addEventListener('click', save);
document.getElementById('load').addEventListener('change', load);
document.getElementById('next').addEventListener('click', next);
addEventListener('beforeunload', (event) => { if (changed) event.preventDefault(); });
draw();
