'use strict';
// Draws the report that stands in this file. Whatever came from the wire goes through textContent.
// WORDS is put before this script: the labels of words.json.
(() => {
  const report = JSON.parse(document.getElementById('report').textContent);
  const page = document.getElementById('page');
  const languages = report.languages;
  let lang = languages.includes((navigator.language || '').slice(0, 2))
    ? navigator.language.slice(0, 2) : languages[0];
  const asked = /^#lang=(en|ja)$/.exec(location.hash);
  if (asked && languages.includes(asked[1])) lang = asked[1];

  // ---------------------------------------------------------------- small parts

  const el = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? '' : value);
    }
    for (const child of children.flat(Infinity)) {
      if (child === null || child === undefined || child === false || child === '') continue;
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
    return element;
  };
  const text = (both) => (both && typeof both === 'object' ? both[lang] ?? '' : both ?? '');
  const word = (key) => text(WORDS[key]);
  const term = (group, value) => {
    const found = report.legend[group] && report.legend[group][value];
    return found ? text(found) : value;
  };
  const filled = (key, values) =>
    word(key).replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
  const number = (value) => (value === null || value === undefined ? ''
    : value.toLocaleString('en-US', {maximumFractionDigits: 6}));
  const percent = (share) => (share === null || share === undefined ? word('unknown')
    : `${number(Math.round(share * 10000) / 100)} %`);
  const yesno = (flag) => (flag === null || flag === undefined ? word('unknown')
    : word(flag ? 'yes' : 'no'));
  const time = (value) => (value ? value.replace('T', ' ').replace('Z', '') : '');
  const tag = (kind, label) => (kind ? el('span', {class: `tag ${kind}`}, label) : '');
  const none = () => el('p', {class: 'none'}, word('none'));
  const mono = (value) => el('span', {class: 'mono'}, value);
  const listed = (values) => values.filter((value) => value !== '').join(', ');

  const definitions = (rows) => el('dl', {}, rows
    .filter(([, value]) => value !== '' && value !== null && value !== undefined)
    .map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));

  // Columns: [label, cell(row), class].
  const table = (columns, rows, options = {}) => {
    if (rows.length === 0) return none();
    const body = el('tbody', {}, rows.map((row) => el('tr', {id: options.id && options.id(row)},
      columns.map(([label, cell, kind]) => {
        const value = cell(row);
        const blank = value === '' || value === null || value === undefined;
        return el('td', {class: [kind, blank && 'blank'].filter(Boolean).join(' ') || null,
          'data-label': label}, blank ? '' : el('div', {}, value));
      }))));
    const drawn = el('div', {class: 'scroll'}, el('table', {},
      el('thead', {}, el('tr', {}, columns.map(([label, , kind]) => el('th', {class: kind}, label)))),
      body));
    if (!options.filter || rows.length < 12) return drawn;
    const filter = el('input', {class: 'filter', type: 'search', placeholder: word('filter'),
      'aria-label': word('filter'), oninput: (event) => {
        const wanted = event.target.value.toLowerCase();
        for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
      }});
    return el('div', {}, filter, drawn);
  };
  const shown = (section) => (section.rows.length < section.total
    ? el('p', {class: 'soft small'}, filled('shown', {shown: number(section.rows.length), total: number(section.total)}))
    : null);

  // ---------------------------------------------------------------- proof

  const frameName = (frame) => (frame ? `C${frame.capture} #${frame.frame}` : '');
  const end = (party) => {
    if (!party) return '';
    const address = party.address && party.address !== party.name ? ` ${party.address}` : '';
    return `${party.name}${address}${party.zone ? ` [${party.zone}]` : ''}`;
  };
  const conversation = (talk) => (talk
    ? `${end(talk.client)} → ${end(talk.server)}, ${talk.transport}/${talk.port}${talk.protocol ? ` ${talk.protocol}` : ''}${talk.segment ? ` (${talk.segment})` : ''}`
    : '');
  // What a frame said, by the kind of fact; the conversation's own ends stand beside it.
  const decodedText = {
    operation: (f) => `${f.protocol} ${f.name} (${f.code}), ${term('access', f.access)}${f.target ? `, ${f.target}` : ''}`,
    rejection: (f) => `${f.protocol} ${f.name}: ${f.reason}`,
    event: (f) => `${term('event', f.event)}${word('colon')}${f.detail || ''}`,
    property: (f) => `${f.name} = ${f.value} (${f.source})`,
    binding: (f) => listed([f.ip || '', f.mac || '', f.segment || '']),
    blocked: (f) => `${f.by}: ${f.source} → ${f.destination} ${f.transport}/${f.port} (${f.type}/${f.code})`,
    conversation: (f) => `${f.strength} ${term('strength', f.strength)}`,
  };
  const decoded = (facts) => facts.map((fact) => el('div', {},
    el('span', {class: 'soft'}, term('decoded', fact.kind), word('colon')), decodedText[fact.kind](fact.fields)));
  const evidence = (frames) => (frames.length === 0 ? '' : table([
    [word('frame'), (frame) => mono(frameName(frame)), 'short'],
    [word('time'), (frame) => mono(time(frame.time)), 'short'],
    [word('conversation'), (frame) => conversation(frame.conversation), 'wide'],
    [word('decoded'), (frame) => decoded(frame.decoded), 'wide'],
  ], frames));
  const command = (line) => (line ? el('pre', {'aria-label': word('command')}, line) : '');

  // ---------------------------------------------------------------- sections

  const score = (value) => (Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1));
  const link = (id, label) => el('a', {href: `#${id}`, onclick: (event) => {
    event.preventDefault();
    const target = document.getElementById(id);
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
    target.scrollIntoView();
  }}, label);
  const question = (id) => link(`q-${id}`, id);

  const summary = () => {
    const {score: total, areas, severities, checks, verdicts, worst, first, notices} = report.summary;
    const parts = [];
    if (total) {
      const tile = (name, value, most, share, rating) => el('div', {class: 'tile'},
        el('div', {class: 'name'}, name),
        el('div', {class: 'figure'}, score(value), el('small', {}, ` ${word('of')} ${score(most)}`)),
        el('div', {}, share === null ? '' : `${number(share)} % `, rating ? tag(rating, term('rating', rating)) : ''));
      parts.push(el('div', {class: 'tiles'},
        tile(word('claimed'), total.claimed, total.claimed_most, total.claimed_percent, total.claimed_rating),
        tile(word('adjusted'), total.adjusted, total.adjusted_most, total.adjusted_percent, total.rating),
        el('div', {class: 'tile'}, el('div', {class: 'name'}, word('verified')),
          el('div', {class: 'figure'}, total.verified_percent === null ? '–' : `${number(total.verified_percent)} %`),
          el('div', {class: 'soft small'}, word('verified_hint'))),
        total.after !== total.claimed || total.after_most !== total.claimed_most
          ? tile(word('after'), total.after, total.after_most, total.after_percent, '') : null));
    }
    parts.push(notices.map((notice) => el('p', {class: 'notice'}, text(notice))));
    parts.push(el('h3', {}, word('worst')));
    parts.push(worst.length === 0 ? el('p', {class: 'none'}, word('no_contradiction'))
      : el('ol', {class: 'plain'}, worst.map((each) => el('li', {},
        tag(each.severity, term('severity', each.severity)), ' ', text(each.sentence), ' ',
        el('span', {class: 'soft small'}, `−${score(each.lost)} ${word('points')}`,
          each.evidence ? ` · ${frameName(each.evidence)} ${time(each.evidence.time)}` : '', ' · '),
        question(each.question)))));
    parts.push(el('h3', {}, word('first')));
    parts.push(first.length === 0 ? el('p', {class: 'none'}, word('nothing_first'))
      : el('ol', {class: 'plain'}, first.map((each) => el('li', {},
        tag(each.severity, term('severity', each.severity)), ' ', text(each.remedy), ' ',
        el('span', {class: 'soft small'}, link(`check-${each.check}`, each.check), ` ${text(each.title)} (${number(each.findings)})`)))));
    const counts = (title, values, group) => [el('h3', {}, title), el('div', {class: 'counts'},
      Object.entries(values).map(([key, count]) => el('span', {}, tag(key, term(group, key)), el('span', {class: 'n'}, number(count)))))];
    parts.push(counts(word('by_severity'), severities, 'severity'));
    parts.push(counts(word('by_result'), checks, 'result'));
    parts.push(counts(word('by_verdict'), verdicts, 'verdict'));
    if (areas.length > 0) {
      parts.push(el('h3', {}, word('areas')), el('p', {class: 'small soft'},
        el('span', {class: 'key'}), word('adjusted'), el('span', {class: 'key lost'}), word('lost')), table([
        [word('area'), (area) => `${area.id}  ${text(area.title)}`, 'wide'],
        [word('most'), (area) => score(area.most), 'number'],
        [word('claimed'), (area) => score(area.claimed), 'number'],
        [word('adjusted'), (area) => score(area.adjusted), 'number'],
        [word('lost'), (area) => (area.lost === 0 ? '' : `−${score(area.lost)}`), 'number'],
        ['', (area) => bar(area)],
        ['%', (area) => number(area.percent), 'number'],
        [word('rating'), (area) => tag(area.rating, term('rating', area.rating))],
      ], areas));
    }
    return parts;
  };
  const bar = (area) => {
    const width = (value) => `${area.adjusted_most > 0 ? Math.min(100, 100 * value / area.adjusted_most) : 0}%`;
    const whole = el('div', {class: 'bar'}, el('i', {}), el('b', {}));
    whole.firstChild.style.width = width(area.claimed);
    whole.lastChild.style.width = width(area.adjusted);
    return whole;
  };

  const scope = () => {
    const {cover, captures, observation, inputs, exceptions, zones, questionnaire} = report.scope;
    return [
      cover.length > 0 ? definitions(cover.map((field) => [text(field.title), field.value])) : null,
      definitions([
        [word('captures'), number(observation.captures)],
        [word('packets'), number(observation.packets)],
        [word('span_days'), number(observation.span_days)],
        [word('seen_days'), number(observation.seen_days)],
        [word('both_directions'), percent(observation.both_directions)],
        [word('loss'), percent(observation.loss)],
        [word('zones_declared'), `${word('declared')} ${zones.declared} / ${zones.total}${zones.declared === 0 ? ` (${word('assumed')})` : ''}`],
        [word('questionnaire'), `${text(questionnaire.title)} (${word('revision')} ${questionnaire.revision})`],
        ['', el('span', {class: 'soft small'}, text(questionnaire.source))],
      ]),
      el('h3', {}, word('captures')),
      table([
        ['', (row) => `C${row.capture}`, 'short'],
        [word('sha256'), (row) => mono(row.sha256), 'wide'],
        [word('format'), (row) => `${row.format} ${row.link_type}`],
        [word('packets'), (row) => number(row.packets), 'number'],
        [word('first_seen'), (row) => mono(time(row.first_seen))],
        [word('last_seen'), (row) => mono(time(row.last_seen))],
        [word('vantage'), (row) => listed([...row.vantage].map((letter) => `${letter} ${term('vantage', letter)}`)) || word('unknown')],
        [word('damage'), (row) => row.damage],
      ], captures),
      el('h3', {}, word('inputs')),
      table([
        [word('input'), (row) => text(row.title)],
        [word('sha256'), (row) => mono(row.sha256)],
      ], inputs),
      exceptions.length === 0 ? null : [el('h3', {}, word('exceptions')), table([
        [word('client'), (row) => row.client || '*'],
        [word('server'), (row) => row.server || '*'],
        [word('port'), (row) => `${row.transport || '*'}/${row.port || '*'}`],
        [word('note'), (row) => row.note],
      ], exceptions)],
    ];
  };

  const fact = (each) => el('div', {class: 'finding'},
    el('p', {}, tag('plain', `${term('fact', each.kind)} ${each.strength}`), ' ', text(each.text), ' ',
      el('span', {class: 'soft small'}, each.rule)),
    evidence(each.evidence));
  const verdict = (each) => el('div', {class: `card ${each.severity}`},
    el('div', {class: 'head'}, el('h4', {}, question(each.question), ' ', text(each.text)),
      tag(each.verdict, term('verdict', each.verdict))),
    definitions([
      [word('claimed'), each.suggested ? term('answer', each.claimed) : `${term('answer', each.claimed)} → ${term('answer', each.adjusted)}`],
      [word('suggested'), each.suggested ? term('answer', each.suggested) : ''],
      [word('lost'), each.lost > 0 ? `${score(each.lost)} ${word('points')}` : ''],
      [word('criterion'), text(each.criterion)],
      [word('note'), text(each.note)],
      [word('fix'), each.fix.type ? `${term('fix', each.fix.type)} (${word('difficulty')}${word('colon')}${term('difficulty', each.fix.difficulty)})` : ''],
      [word('refs'), listed(each.refs)],
    ]),
    each.facts.slice(0, 5).map(fact),
    each.facts.length > 5 ? el('details', {}, el('summary', {}, `${word('show_more')} (${each.facts.length - 5})`), each.facts.slice(5).map(fact)) : null,
    command(each.command));
  const verdicts = (list) => (list.length === 0 ? none() : list.map(verdict));

  const gaps = () => ['confirmed', 'disputed', 'understated', 'suggested'].map((kind) =>
    [el('h3', {}, `${word(`gaps_${kind}`)} (${report.gaps[kind].length})`), verdicts(report.gaps[kind])]);

  const findings = () => {
    const byCheck = new Map();
    for (const finding of report.findings) {
      if (!byCheck.has(finding.check)) byCheck.set(finding.check, []);
      byCheck.get(finding.check).push(finding);
    }
    if (byCheck.size === 0) return none();
    const one = (finding) => el('div', {class: 'finding', id: `finding-${finding.id}`},
      el('p', {}, el('b', {}, finding.id), ' ', text(finding.text)),
      evidence(finding.evidence), command(finding.command));
    return [...byCheck].map(([id, list]) => {
      const check = report.checks.find((each) => each.id === id);
      return el('div', {class: `card ${list[0].severity}`},
        el('div', {class: 'head'}, el('h4', {}, link(`check-${id}`, id), ' ', text(list[0].title)),
          tag(list[0].severity, term('severity', list[0].severity))),
        definitions([
          [word('why'), text(list[0].why)],
          [word('remedy'), text(list[0].remedy)],
          [word('standards'), listed(list[0].standards || [])],
          [word('count'), check ? text(check.reason) : ''],
        ]),
        list.slice(0, 5).map(one),
        list.length > 5 ? el('details', {}, el('summary', {}, `${word('show_more')} (${list.length - 5})`), list.slice(5).map(one)) : null);
    });
  };

  const checks = () => table([
    [word('check'), (row) => row.id, 'short'],
    [word('result'), (row) => tag(row.result, term('result', row.result))],
    [word('severity'), (row) => term('severity', row.severity)],
    [word('name'), (row) => text(row.title), 'wide'],
    [word('reason'), (row) => text(row.reason), 'wide'],
    [word('standards'), (row) => listed(row.standards), 'wide'],
  ], report.checks, {filter: true, id: (row) => `check-${row.id}`});

  const network = () => [
    el('h3', {}, word('zones')), table([
      [word('name'), (row) => row.name],
      [word('kind'), (row) => term('zone_kind', row.kind)],
      [word('side'), (row) => row.side],
      [word('level'), (row) => number(row.level), 'number'],
      [word('assets'), (row) => number(row.assets), 'number'],
      [word('declared'), (row) => yesno(row.declared)],
      [word('confidence'), (row) => `${row.confidence} %`, 'number'],
      [word('reason'), (row) => text(row.reason), 'wide'],
    ], report.network.zones),
    el('h3', {}, word('conduits')), table([
      [word('from'), (row) => row.from],
      [word('to'), (row) => row.to],
      [word('protocols'), (row) => listed(row.protocols), 'wide'],
      [word('conversations'), (row) => number(row.conversations), 'number'],
      [word('two_way'), (row) => number(row.two_way), 'number'],
      [word('controls'), (row) => number(row.controls), 'number'],
      [word('packets'), (row) => number(row.packets), 'number'],
      [word('frame'), (row) => mono(frameName(row.evidence)), 'short'],
    ], report.network.conduits.rows, {filter: true}), shown(report.network.conduits),
    el('h3', {}, word('walls')), el('p', {class: 'soft'}, word('walls_hint')), table([
      [word('from'), (row) => row.from],
      [word('to'), (row) => row.to],
      [word('result'), (row) => tag(row.verdict, term('wall', row.verdict))],
      [word('confidence'), (row) => `${row.confidence} %`, 'number'],
      [word('signs'), (row) => row.signs.map((sign) => el('div', {}, `${text(sign.title)} (${number(sign.count)}) `,
        el('span', {class: 'soft small'}, text(sign.detail), ' ', mono(frameName(sign.evidence))))), 'wide'],
    ], report.network.walls),
  ];

  const address = (row) => listed([row.ip || '', row.mac || '', row.segment]) +
    (row.on_link === null || !row.mac ? '' : ` (${word(row.on_link ? 'on_link' : 'off_link')})`);
  const assets = () => [table([
    [word('name'), (row) => el('b', {}, row.name)],
    [word('role'), (row) => `${term('role', row.role)}${row.role === 'unknown' ? '' : ` ${row.role_confidence} %`}`],
    [word('level'), (row) => number(row.level), 'number'],
    [word('zone'), (row) => row.zone],
    [word('addresses'), (row) => row.addresses.map((each) => el('div', {class: 'mono'}, address(each))), 'wide'],
    [word('model'), (row) => listed([row.vendor, row.model, row.firmware, row.serial, row.os])],
    [word('properties'), (row) => el('details', {}, el('summary', {}, `${word('show_more')} (${row.properties.length})`),
      definitions([
        [word('kind'), term('asset_kind', row.kind)],
        [word('role'), text(row.role_reason)],
        [word('level'), text(row.level_reason)],
        [word('zone'), text(row.zone_reason)],
        [word('first_seen'), `${time(row.first_seen)} ${frameName(row.evidence)}`],
        [word('last_seen'), time(row.last_seen)],
      ]),
      row.properties.map((each) => el('div', {class: 'small'}, `${each.name}: ${each.value} `,
        el('span', {class: 'soft'}, `(${each.source}, ${each.confidence} %, ${frameName(each.evidence)})`)))), 'wide'],
  ], report.assets.rows, {filter: true}), shown(report.assets)];

  const services = () => [table([
    [word('asset'), (row) => row.name],
    [word('zone'), (row) => row.zone],
    [word('port'), (row) => `${row.transport}/${row.port}`],
    [word('protocol'), (row) => row.protocol],
    [word('confidence'), (row) => `${row.confidence} %`, 'number'],
    [word('encrypted'), (row) => yesno(row.encrypted)],
    [word('clients'), (row) => number(row.clients), 'number'],
    [word('strength'), (row) => `${row.strength} ${term('strength', row.strength)}`],
    [word('frame'), (row) => mono(frameName(row.evidence)), 'short'],
  ], report.services.rows, {filter: true}), shown(report.services)];

  const outcomes = () => ['requests', 'executed', 'rejected', 'unanswered', 'unconfirmed']
    .map((key) => [word(key), (row) => number(row[key]), 'number']);
  const operations = () => [
    table([[word('access'), (row) => term('access', row.access)], ...outcomes()], report.operations.by_access),
    table([
      [word('client'), (row) => `${row.client}${row.client_zone ? ` [${row.client_zone}]` : ''}`],
      [word('server'), (row) => `${row.server}${row.server_zone ? ` [${row.server_zone}]` : ''}`],
      [word('operation'), (row) => `${row.protocol} ${row.code} ${row.name}`],
      [word('access'), (row) => term('access', row.access)],
      [word('target'), (row) => row.target],
      ...outcomes(),
      [word('frame'), (row) => mono(frameName(row.evidence)), 'short'],
    ], report.operations.rows, {filter: true}), shown(report.operations)];

  const questions = () => table([
    [word('question'), (row) => row.id],
    ['', (row) => [el('div', {}, text(row.text)), el('details', {}, el('summary', {}, word('show_more')), definitions([
      [word('criterion'), text(row.criterion)],
      [word('testability'), term('testability', row.testability)],
      [word('memo'), row.memo],
      [word('rules'), listed(row.rules)],
      [word('refs'), listed(row.refs)],
    ]))], 'wide'],
    [word('weight'), (row) => number(row.weight), 'number'],
    [word('claimed'), (row) => [row.claimed ? term('answer', row.claimed) : '–',
      row.automatic ? el('div', {class: 'soft small'}, word('automatic')) : '',
      row.alternate ? el('div', {class: 'soft small'}, word('alternate')) : ''].flat()],
    [word('adjusted'), (row) => (row.adjusted ? term('answer', row.adjusted) : row.suggested ? `(${term('answer', row.suggested)})` : '–')],
    [word('verdict'), (row) => [row.verdict ? tag(row.verdict, term('verdict', row.verdict)) : '', row.flag ? el('div', {class: 'small'}, `⚑ ${word('flag')}`) : '']],
    [word('evidence'), (row) => term('evidence', row.evidence || 'none')],
    [word('note'), (row) => text(row.note), 'wide'],
  ], report.questions, {filter: true, id: (row) => `q-${row.id}`});

  const counters = ['undecoded', 'stopped', 'duplicates', 'fragments_lost', 'stream_gaps', 'gap_bytes', 'one_way',
    'two_way', 'kernel_drops', 'resumed', 'cut_requests', 'cut_flows', 'orphan_replies', 'overlap_conflicts'];
  const coverage = () => [
    el('h3', {}, word('blind')),
    el('ul', {}, report.coverage.blind.map((each) => el('li', {}, text(each.text)))),
    el('h3', {}, word('counters')),
    table([['', (key) => word(key === 'two_way' ? 'two_way_flows' : key)],
      ...report.coverage.captures.map((capture) =>
        [`C${capture.capture}`, (key) => number(capture[key]), 'number'])], counters),
    el('h3', {}, word('stops')), table([
      [word('capture'), (row) => `C${row.capture}`],
      [word('layer'), (row) => text(row.layer_title)],
      [word('reason'), (row) => text(row.reason_title)],
      [word('limited_by'), (row) => text(row.limited_by_title)],
      [word('packets'), (row) => number(row.packets), 'number'],
      [word('frame'), (row) => mono(`#${row.frame}`)],
    ], report.coverage.stops),
    el('h3', {}, word('caps')), table([
      [word('name'), (row) => text(row.name_title)],
      [word('bound'), (row) => number(row.bound), 'number'],
      [word('reached'), (row) => number(row.reached), 'number'],
    ], report.coverage.caps),
  ];

  const annex = () => {
    const {thresholds, adjustment, rules, rulesets, references, oui, licences, notes, policy} = report.annex;
    return [
      el('h3', {}, word('thresholds')),
      el('p', {class: 'soft'}, `${text(policy.title)} (${word('revision')} ${policy.revision})`),
      definitions([
        [word('min_days'), number(thresholds.min_days)],
        [word('weekend'), yesno(thresholds.weekend)],
        [word('min_both_directions'), percent(thresholds.min_both_directions)],
        [word('max_loss'), percent(thresholds.max_loss)],
        [word('contradiction_needs'), thresholds.contradiction.map((each) => el('div', {}, filled('contradiction_need', {flows: each.flows, strength: each.strength}), ` (${term('strength', each.strength)})`))],
        [word('rating_from'), thresholds.rating.map((each) => `${text(each.title)} ${each.at_least} %`).join(' / ')],
      ]),
      el('h3', {}, word('adjustment')), adjustmentTable(adjustment),
      el('h3', {}, word('rules')), el('details', {}, el('summary', {}, `${word('show_more')} (${rules.length})`), table([
        [word('rule'), (row) => row.id],
        [word('question'), (row) => question(row.question)],
        [word('kind'), (row) => term('fact', row.kind)],
        [word('vantage'), (row) => listed(row.vantage)],
        [word('least_strength'), (row) => row.min_strength],
        [word('needs_coverage'), (row) => yesno(row.needs_coverage)],
        [word('refs'), (row) => listed(row.refs), 'wide'],
      ], rules)),
      el('h3', {}, word('rulesets')), table([
        [word('name'), (row) => row.name],
        ['', (row) => text(row.title)],
        [word('revision'), (row) => number(row.revision), 'number'],
        [word('checks'), (row) => number(row.checks), 'number'],
      ], rulesets),
      el('h3', {}, word('references')), el('details', {}, el('summary', {}, `${word('show_more')} (${references.length})`), table([
        [word('standard'), (row) => row.reference],
        [word('checks'), (row) => listed(row.checks)],
        [word('questions_of'), (row) => listed(row.questions)],
      ], references)),
      el('h3', {}, word('licences')),
      notes.map((note) => el('p', {}, text(note))), el('p', {}, text(oui.text)),
      licences.map((licence) => [el('h4', {}, licence.name), licence.text.map((line) => el('p', {class: 'small'}, line))]),
    ];
  };
  const adjustmentTable = (cells) => {
    const kinds = [...new Set(cells.map((cell) => cell.evidence))];
    const claims = [...new Set(cells.map((cell) => cell.claimed))];
    return table([[word('claimed'), (claimed) => term('answer', claimed)], ...kinds.map((kind) => [term('evidence', kind), (claimed) => {
      const cell = cells.find((each) => each.claimed === claimed && each.evidence === kind);
      const answer = cell.suggested ? `(${term('answer', cell.suggested)})` : term('answer', cell.adjusted);
      return [answer, cell.verdict ? el('div', {class: 'soft small'}, term('verdict', cell.verdict)) : ''];
    }])], claims);
  };

  // ---------------------------------------------------------------- the page

  const parts = () => [
    ['summary', summary, null],
    ['scope', scope, null],
    ['contradictions', () => verdicts(report.contradictions), report.contradictions.length],
    ['gaps', gaps, null],
    ['findings', findings, report.findings.length],
    ['checks', checks, report.checks.length],
    ['network', network, null],
    ['assets', assets, report.assets.total],
    ['services', services, report.services.total],
    ['operations', operations, report.operations.total],
    ['questions', questions, report.questions.length],
    ['coverage', coverage, null],
    ['annex', annex, null],
  ];

  const draw = () => {
    document.documentElement.lang = lang;
    document.title = `${word('title')} · sekimori`;
    const system = report.scope.cover.find((field) => field.id === 'system');
    const organisation = report.scope.cover.find((field) => field.id === 'organisation');
    const header = el('header', {class: 'top'}, el('div', {class: 'line'},
      el('div', {}, el('h1', {}, word('title')),
        el('p', {}, listed([organisation ? organisation.value : '', system ? system.value : '']) || word('subtitle'))),
      languages.length < 2 ? null : el('div', {class: 'switch', role: 'group', 'aria-label': word('language')},
        [['en', 'English'], ['ja', '日本語']].map(([code, name]) => el('button', {type: 'button', lang: code,
          'aria-pressed': String(code === lang), onclick: () => { lang = code; draw(); }}, name)))));
    const nav = el('nav', {'aria-label': word('contents')}, el('ol', {}, parts().map(([key, , count]) =>
      el('li', {}, el('a', {href: `#${key}`}, word(key), count === null ? null : el('span', {class: 'count'}, number(count)))))));
    const main = el('main', {}, parts().map(([key, content]) => el('section', {id: key},
      el('h2', {}, word(key)), WORDS[`${key}_hint`] ? el('p', {class: 'hint'}, word(`${key}_hint`)) : null, content())),
    el('footer', {}, `${report.tool.name} ${report.tool.version} · ${word('schema')} ${report.tool.model_schema}`));
    page.replaceChildren(header, el('div', {class: 'body'}, nav, main));
  };

  // Paper has nothing to click on.
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  draw();
})();
