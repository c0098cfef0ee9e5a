// What the page computes: places, filters, order, the map, the timeline. It judges nothing.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import labels from '../../../src/report/words.json';
import {given, readEarlier} from '../../../src/report/web/src/earlier';
import {conversationPasses, during, findingPasses, matches, occurring, operationPasses, reaches} from '../../../src/report/web/src/filter';
import glossary from '../../../src/report/web/src/glossary.json';
import {fitted, layoutOf, pairsOf, pathOf, tile, tilesOf} from '../../../src/report/web/src/layout';
import {palette} from '../../../src/report/web/src/palette';
import type {Asset, Conduit, Conversation, Finding, Operation, Report, Wall, Zone} from '../../../src/report/web/src/report';
import {formatRoute, opened, parseRoute} from '../../../src/report/web/src/route';
import {sorted} from '../../../src/report/web/src/sort';
import {reportOf} from '../../../src/report/web/src/systems';
import {filterTime, moment, timelineOf} from '../../../src/report/web/src/timeline';
import own from '../../../src/report/web/src/words.json';

const zone = (id: number, level: number | null, assets = 0): Zone =>
  ({zone: id, name: `z${id}`, kind: 'control', side: 'OT', level, declared: true, confidence: 95, reason: {}, assets});
const asset = (id: number, zoneId: number, role = 'plc', severity: Asset['severity'] = ''): Asset =>
  ({asset: id, kind: 'device', name: `a${id}`, role, severity, zone_id: zoneId}) as Asset;
const conduit = (id: number, from: number, to: number): Conduit =>
  ({conduit: id, from_zone: from, to_zone: to, from: `z${from}`, to: `z${to}`, conversations: 1, severity: ''}) as Conduit;
const network = (zones: Zone[], conduits: Conduit[], walls: Wall[] = []): Report =>
  ({network: {zones, conduits: {total: conduits.length, rows: conduits}, walls}}) as unknown as Report;
const talk = (change: Partial<Conversation>): Conversation => ({
  conversation: 1, client_asset: 1, client: 'HMI-01', client_address: '10.30.0.11', client_zone: 'Control', server_asset: 2, server: 'PLC-1',
  server_address: '10.40.0.11', server_zone: 'Field', conduit: 3, transport: 'tcp', port: 502, protocol: 'modbus', service: 'modbus', segment: '',
  access: ['read', 'write'], attempted: 1, established: 1, refused: 0, unanswered: 0, packets: 1, bytes: 1, strength: 'S3', encrypted: false,
  excepted: false, severity: 'high', findings: 1, first_seen: '2026-04-06T00:00:10.000000Z', last_seen: '2026-04-06T00:00:20.000000Z', evidence: null, ...change});

test('a place is written and read back', () => {
  for (const hash of ['#overview', '#conversations?conduit=3&severity=high&open=asset-12', '#map?q=a+%26+b%3Dc&open=frame-1:383&lang=ja&reader=manager&theme=dark'])
    assert.equal(formatRoute(parseRoute(hash)), hash);
  assert.deepEqual(parseRoute('#map?q=%3Cb%3E').filters, {q: '<b>'});
});

test('what is no place leads to the overview', () => {
  for (const hash of ['', '#', '#nowhere', '#__proto__', '#?open=x', '#%E0%A4%A'])
    assert.equal(parseRoute(hash).view, 'overview');
  assert.equal(parseRoute('#lang=ja').lang, 'ja');
  assert.equal(parseRoute('#map?theme=pink&reader=boss').theme, '');
  assert.equal(parseRoute('#map?reader=boss').reader, 'engineer');
});

test('what is open has a kind and an id, whatever the id holds', () => {
  assert.deepEqual(opened('finding-SEG-01.1'), ['finding', 'SEG-01.1']);
  assert.deepEqual(opened('frame-1:383'), ['frame', '1:383']);
  assert.deepEqual(opened('nothing'), ['', '']);
});

test('a severity reaches what is as grave or less', () => {
  assert.equal(reaches('critical', 'high'), true);
  assert.equal(reaches('high', 'high'), true);
  assert.equal(reaches('medium', 'high'), false);
  assert.equal(reaches('', 'info'), false);
  assert.equal(reaches('', ''), true);
});

test('a time overlaps or does not', () => {
  const [first, last] = ['2026-04-06T00:00:10.000000Z', '2026-04-06T00:00:20.000000Z'];
  assert.equal(during(first, last, {}), true);
  assert.equal(during(first, last, {from: '2026-04-06T00:00:20'}), true);
  assert.equal(during(first, last, {from: '2026-04-06T00:00:21'}), false);
  assert.equal(during(first, last, {to: '2026-04-06T00:00:10'}), true);
  assert.equal(during(first, last, {to: '2026-04-06T00:00:09'}), false);
  assert.equal(during(null, null, {from: '2026-04-06T00:00:21'}), true);
});

test('every word of a search must occur', () => {
  assert.equal(matches('hmi modbus', ['HMI-01', 'modbus']), true);
  assert.equal(matches('hmi dnp3', ['HMI-01', 'modbus']), false);
  assert.equal(matches('(.*', ['HMI-01']), false);
  assert.equal(matches('', []), true);
});

test('conversations are filtered by each of their properties', () => {
  const row = talk({});
  for (const filters of [{}, {protocol: 'modbus'}, {access: 'write'}, {severity: 'high'}, {severity: 'medium'}, {conduit: '3'}, {zone: 'Field'},
    {asset: '2'}, {q: 'tcp/502'}, {q: '10.40.0.11'}])
    assert.equal(conversationPasses(row, filters as Record<string, string>), true, JSON.stringify(filters));
  for (const filters of [{protocol: 's7comm'}, {access: 'program'}, {severity: 'critical'}, {conduit: '4'}, {zone: 'Office'}, {asset: '3'}, {q: 'nobody'}])
    assert.equal(conversationPasses(row, filters as Record<string, string>), false, JSON.stringify(filters));
});

test('findings and operations are filtered by what they are of', () => {
  const finding = {id: 'SEG-01.1', check: 'SEG-01', severity: 'high', subject: 's', client: {asset: 1, name: 'n', zone: 'z'}, server: null, asset: null,
    conduit: 3, first_seen: null, last_seen: null} as unknown as Finding;
  assert.equal(findingPasses(finding, {asset: '1', severity: 'high', check: 'SEG-01', conduit: '3'}, []), true);
  assert.equal(findingPasses(finding, {severity: 'critical'}, []), false);
  assert.equal(findingPasses(finding, {q: 'told'}, ['as told']), true);
  const operation = {protocol: 'modbus', access: 'write', executed: 2, rejected: 0, changes: true, client_asset: 1, server_asset: 2, first_seen: null, last_seen: null} as unknown as Operation;
  assert.equal(operationPasses(operation, {outcome: 'executed', changes: '1'}), true);
  assert.equal(operationPasses(operation, {outcome: 'rejected'}), false);
});

test('choices come by how often they occur', () => {
  assert.deepEqual(occurring(['b', 'a', 'b', '', 'c', 'c']), ['b', 'c', 'a']);
});

test('rows are sorted by number or by name, equal ones as they were, the missing last', () => {
  const rows = [{n: 10, s: 'a10'}, {n: 9, s: 'a9'}, {n: null, s: 'b'}, {n: 9, s: 'c'}];
  const columns = [{key: 'n', value: (row: (typeof rows)[number]) => row.n}, {key: 's', value: (row: (typeof rows)[number]) => row.s}];
  assert.deepEqual(sorted(rows, columns, {key: 'n', down: false}).map((row) => row.s), ['a9', 'c', 'a10', 'b']);
  assert.deepEqual(sorted(rows, columns, {key: 'n', down: true}).map((row) => row.s), ['a10', 'a9', 'c', 'b']);
  assert.deepEqual(sorted(rows, columns, {key: 's', down: false}).map((row) => row.s), ['a9', 'a10', 'b', 'c']);
  assert.equal(sorted(rows, columns, null), rows);
});

test('few assets stand one by one, many by role, and a group unfolds', () => {
  const few = Array.from({length: 24}, (_, at) => asset(at, 1));
  assert.equal(tilesOf(zone(1, 1), few, new Set()).length, 24);
  const many = [...Array.from({length: 500}, (_, at) => asset(at, 1, 'plc', at === 499 ? 'high' : '')), asset(500, 1, 'hmi'), asset(501, 1, 'hmi')];
  const folded = tilesOf(zone(1, 1), many, new Set());
  assert.equal(folded.filter((each) => each.kind === 'group').length, 3);  // 240 + 240 + 20
  assert.equal(folded.filter((each) => each.kind === 'asset').length, 2);
  const groups = folded.flatMap((each) => (each.kind === 'group' ? [each] : []));
  assert.deepEqual(groups.map((each) => each.severity), ['', '', 'high']);
  const last = groups[2];
  assert.ok(last);
  assert.equal(tilesOf(zone(1, 1), many, new Set([last.key])).length, folded.length + 20);
  const shown = groups.reduce((sum, each) => sum + each.assets.length, 0) + 2;
  assert.equal(shown, many.length);
});

test('both directions and the wall of two zones are one pair, the higher level first', () => {
  const wall = {from_zone: 1, to_zone: 2, verdict: 'present', confidence: 90, signs: []} as unknown as Wall;
  const pairs = pairsOf(network([zone(1, 1), zone(2, 4)], [conduit(1, 1, 2), conduit(2, 2, 1), conduit(3, 1, 1)], [wall]));
  assert.equal(pairs.length, 1);
  assert.equal(pairs[0]?.a.zone, 2);
  assert.equal(pairs[0]?.forth?.conduit, 2);
  assert.equal(pairs[0]?.back?.conduit, 1);
  assert.equal(pairs[0]?.wall?.verdict, 'present');
});

test('on the map a higher level is above a lower one, and no box covers another', () => {
  const zones = [zone(1, 1), zone(2, 4), zone(3, 2), zone(4, 2), zone(5, 3.5), zone(6, null), ...Array.from({length: 14}, (_, at) => zone(20 + at, 1))];
  const assets = new Map(zones.map((each) => [each.zone, Array.from({length: 1 + (each.zone % 30)}, (_, at) => asset(each.zone * 100 + at, each.zone))]));
  const conduits = zones.flatMap((each, at) => [conduit(at * 2, each.zone, 3), conduit(at * 2 + 1, 2, each.zone)]);
  const layout = layoutOf(network(zones, conduits), assets, new Set());
  assert.equal(layout.zones.length, zones.length);
  for (const a of layout.zones) for (const b of layout.zones) {
    if (a === b) continue;
    if ((a.zone.level ?? -1) > (b.zone.level ?? -1)) assert.ok(a.y + a.height <= b.y, `${a.zone.name} above ${b.zone.name}`);
    const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
    assert.ok(apart, `${a.zone.name} covers ${b.zone.name}`);
  }
  for (const box of layout.zones) for (const each of box.tiles)
    assert.ok(each.x + tile.width <= box.width && each.y + tile.height <= box.height);
  for (const pair of layout.pairs) {
    assert.ok(pair.points.every((point) => point.x >= 0 && point.x <= layout.width && point.y >= 0 && point.y <= layout.height));
    assert.ok(!pathOf(pair.points, 5).includes('NaN'));
  }
});

test('many zones that no line reaches are folded, and unfold in rows', () => {
  const zones = [zone(1, 4), zone(2, 2), ...Array.from({length: 60}, (_, at) => zone(10 + at, 2))];
  const report = network(zones, [conduit(1, 1, 2)]);
  const folded = layoutOf(report, new Map(), new Set());
  assert.deepEqual(folded.zones.map((box) => box.zone.zone), [1, 2]);
  assert.equal(folded.folds[0]?.zones.length, 60);
  const open = layoutOf(report, new Map(), new Set([folded.folds[0]?.key ?? '']));
  assert.equal(open.zones.length, 62);
  const rows = new Set(open.zones.filter((box) => box.zone.zone >= 10).map((box) => box.y));
  assert.ok(rows.size > 3 && rows.size < 30);
  assert.ok(open.height < 3 * open.width);
});

test('a map of hundreds of zones and ways is laid out at once, and no box covers another', () => {
  const zones = [zone(1, 4), ...Array.from({length: 600}, (_, at) => zone(10 + at, at % 3))];
  const report = network(zones, zones.slice(1, 400).map((each, at) => conduit(at, 1, each.zone)));
  const begin = performance.now();
  const layout = layoutOf(report, new Map(), new Set());
  assert.ok(performance.now() - begin < 2000);
  assert.equal(layout.dense, true);
  assert.equal(layout.zones.length + layout.folds.reduce((sum, fold) => sum + fold.zones.length, 0), zones.length);
  for (const [at, a] of layout.zones.entries()) for (const b of layout.zones.slice(at + 1))
    assert.ok(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y);
});

test('a map without zones is drawn, too', () => {
  assert.deepEqual(layoutOf(network([], []), new Map(), new Set()).zones, []);
});

test('a name is cut to its room; wide letters need two', () => {
  assert.equal(fitted('PLC-1', 10), 'PLC-1');
  assert.equal(fitted('ABCDEFGHIJ', 5), 'ABCD…');
  assert.equal(fitted('監視操作端末', 6), '監視…');
});

test('the timeline counts in stretches', () => {
  const report = {
    scope: {captures: [{capture: 1, first_seen: '2026-04-06T00:00:00.000000Z', last_seen: '2026-04-06T00:01:40.000000Z'}]},
    findings: [{severity: 'high', first_seen: '2026-04-06T00:00:05.000000Z'}, {severity: 'high', first_seen: '2026-04-06T00:00:09.999999Z'},
      {severity: 'critical', first_seen: '2026-04-06T00:01:40.000000Z'}, {severity: 'low', first_seen: null}],
    operations: {rows: [{changes: false, access: 'read', first_seen: '2026-04-06T00:00:05.000000Z'}, {changes: true, access: 'write', first_seen: '2026-04-06T00:00:15.123456789Z'}]},
    events: {rows: [{kind: 'login', first_seen: '2026-04-06T00:00:50.000000Z'}, {kind: 'version', first_seen: '2026-04-06T00:00:50.000000Z'}]},
  } as unknown as Report;
  const line = timelineOf(report, 10);
  assert.deepEqual(line?.lanes.map((lane) => `${lane.kind} ${lane.code}`), ['finding critical', 'finding high', 'operation write', 'event login']);
  assert.deepEqual(line?.lanes[1]?.counts, [2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.equal(line?.lanes[0]?.counts[9], 1);  // the very end is in the last
  assert.equal(line?.lanes[2]?.counts[1], 1);
  assert.equal(timelineOf({scope: {captures: []}} as unknown as Report, 10), null);
  assert.equal(moment('no time'), null);
  assert.equal(filterTime(Date.UTC(2026, 3, 6, 0, 0, 9, 500), false), '2026-04-06T00:00:09');
  assert.equal(filterTime(Date.UTC(2026, 3, 6, 0, 0, 9, 500), true), '2026-04-06T00:00:10');
});

test('an earlier report is one of the same questions with answers, or none', () => {
  const report = (id: string, score: object | null): unknown => ({format: 'sekimori-report', scope: {questionnaire: {id}},
    summary: {score, areas: [{id: '1', percent: 40}]}});
  const now = report('ssat', {adjusted: 63}) as Report;
  assert.equal(readEarlier('f', JSON.stringify(report('ssat', {adjusted: 50})), now, 1)?.percents.get('1'), 40);
  for (const content of ['', 'null', '[]', '{}', '{"format":"sekimori-report"}', JSON.stringify(report('other', {adjusted: 1})), JSON.stringify(report('ssat', null))])
    assert.equal(readEarlier('f', content, now, 1), null, content);
});

test('of an earlier report with several systems it is the one that is shown', () => {
  const system = (number: number, en: string, adjusted: number): object => ({system: number, kind: 'ics', name: {en, ja: en},
    scope: {questionnaire: {id: 'ssat'}}, summary: {score: {adjusted}, areas: [{id: '1', percent: adjusted}]}});
  const site = (...systems: object[]): unknown => ({format: 'sekimori-report', ...systems[0], systems});
  const now = site(system(1, 'Boiler', 60), system(2, 'Pumps', 70)) as Report;
  const before = JSON.stringify(site(system(1, 'Pumps', 30), system(2, 'Boiler', 20)));
  assert.equal(readEarlier('f', before, now, 1)?.adjusted, 20);
  assert.equal(readEarlier('f', before, now, 2)?.percents.get('1'), 30);
  assert.equal(readEarlier('f', JSON.stringify(site(system(1, 'Mill', 30))), now, 1), null);
  assert.equal(readEarlier('f', before, system(1, 'Boiler', 60) as Report, 1), null);
});

test('what the report tells of last time is shown as if it had been picked', () => {
  assert.equal(given(undefined), null);
  const earlier = given({adjusted: 50, areas: [{id: '1', percent: 40}, {id: '2', percent: null}]});
  assert.equal(earlier?.adjusted, 50);
  assert.deepEqual([...(earlier?.percents ?? [])], [['1', 40], ['2', null]]);
});

test('a system takes the place of what the report says of answers, and of nothing else', () => {
  const part = (system: number, previous?: object): object => ({system, contradictions: [`c${system}`], gaps: `g${system}`, questions: `q${system}`,
    scope: {cover: `s${system}`, questionnaire: 'x'}, summary: {score: system, ...(previous ? {previous} : {})}, annex: {rules: `r${system}`},
    legend: {answer: `l${system}`}});
  const whole = {...part(1, {adjusted: 9}), findings: 'all', scope: {cover: 's1', captures: 'all'}, summary: {score: 1, previous: {adjusted: 9}, first: 'all'},
    annex: {rules: 'r1', policy: 'all'}, legend: {answer: 'l1', zone: 'all'}, systems: [part(1, {adjusted: 9}), part(2)]} as unknown as Report;
  const second = reportOf(whole, 2) as unknown as Record<string, Record<string, unknown>>;
  assert.deepEqual(second.contradictions, ['c2']);
  assert.equal(second.findings, 'all');
  assert.deepEqual(second.scope, {cover: 's2', captures: 'all', questionnaire: 'x'});
  assert.deepEqual(second.summary, {score: 2, first: 'all'});
  assert.deepEqual(second.annex, {rules: 'r2', policy: 'all'});
  assert.deepEqual(second.legend, {answer: 'l2', zone: 'all'});
  assert.equal(reportOf(whole, 3), whole);
  assert.equal(formatRoute(parseRoute('#map?system=2')), '#map?system=2');
  for (const none of ['#map?system=1', '#map?system=-4', '#map?system=x']) assert.equal(formatRoute(parseRoute(none)), '#map');
});

test('every word of the page is in both languages, and named once', () => {
  for (const [key, both] of Object.entries(own)) {
    assert.ok(both.en && both.ja, key);
    assert.ok(!(key in labels.labels), `${key} is a label of the report already`);
    assert.deepEqual([...both.en.matchAll(/\{\w+\}/g)].map(String).sort(), [...both.ja.matchAll(/\{\w+\}/g)].map(String).sort(), key);
  }
  for (const {term, text} of glossary) assert.ok(term.en && term.ja && text.en && text.ja, term.en);
});

// WCAG 2.2, 1.4.3: relative luminance.
const luminance = (colour: string): number => {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

test('what is drawn is told from its ground', () => {
  for (const dark of [false, true]) {
    const colours = palette(dark);
    for (const text of ['ink', 'soft', 'link', 'critical', 'high', 'medium', 'low', 'info'] as const)
      for (const ground of ['paper', 'ground', 'band'] as const)
        assert.ok(contrast(colours[text], colours[ground]) >= 4.5, `${text} on ${ground}, dark ${dark}: ${contrast(colours[text], colours[ground])}`);
  }
});
