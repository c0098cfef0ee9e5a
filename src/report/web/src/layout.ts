// Where everything stands on the map: zones in rows by Purdue level, their assets inside, conduits between.
// dagre places the boxes and leads the lines around them.

import dagre from '@dagrejs/dagre';
import type {Asset, Conduit, Report, Wall, Worst, Zone} from './report';
import {severities} from './filter';

export const tile = {width: 154, height: 36, gap: 8, pad: 14, head: 46};
const kMostTiles = 24;    // of a zone that are shown one by one; more are grouped by role
const kFewTiles = 6;      // the same where there are many zones
const kManyZones = 30;
const kMostOfGroup = 240; // of an unfolded group; more are cut into parts
const kMostInRow = 6;     // zones of one level side by side
const kMostLed = 60;      // lines that are led around boxes; dagre takes seconds for hundreds
const kGap = 28;          // between zones that no line reaches
const kMostAlone = 12;    // of these in one level; more are folded
export const foldSize = {width: 230, height: 44};

export type Tile =
  {kind: 'asset'; key: string; asset: Asset; x: number; y: number} |
  {kind: 'group'; key: string; role: string; part: number; parts: number; assets: Asset[]; severity: Worst; open: boolean; x: number; y: number};

export interface ZoneBox { zone: Zone; x: number; y: number; width: number; height: number; tiles: Tile[] }
export interface Pair { key: string; a: Zone; b: Zone; forth: Conduit | null; back: Conduit | null; wall: Wall | null; points: {x: number; y: number}[]; label: {x: number; y: number} }
export interface Band { level: number | null; y: number; height: number }
/** Zones of a level that no line reaches, where they are many: one box for all of them until it is unfolded. */
export interface Fold { key: string; zones: Zone[]; open: boolean; x: number; y: number }
/** `dense`: too many lines for each to have its way around the boxes. */
export interface MapLayout { dense: boolean; folds: Fold[]; zones: ZoneBox[]; pairs: Pair[]; bands: Band[]; width: number; height: number }

const worstOf = (assets: Asset[]): Worst =>
  severities.find((severity) => assets.some((asset) => asset.severity === severity)) ?? '';

/** A zone's assets, one by one where they are few, else grouped by role; groups in `open` are unfolded. */
export const tilesOf = (zone: Zone, assets: Asset[], open: ReadonlySet<string>, most = kMostTiles): Tile[] => {
  const one = (asset: Asset): Tile => ({kind: 'asset', key: `a${asset.asset}`, asset, x: 0, y: 0});
  if (assets.length <= most) return assets.map(one);
  const roles = new Map<string, Asset[]>();
  for (const asset of assets) {
    const list = roles.get(asset.role);
    if (list) list.push(asset);
    else roles.set(asset.role, [asset]);
  }
  const tiles: Tile[] = [];
  for (const [role, all] of [...roles].sort((x, y) => x[1].length - y[1].length)) {
    if (all.length <= 2) {
      tiles.push(...all.map(one));
      continue;
    }
    const parts = Math.ceil(all.length / kMostOfGroup);
    for (let part = 0; part < parts; ++part) {
      const members = all.slice(part * kMostOfGroup, (part + 1) * kMostOfGroup);
      const key = `g${zone.zone}/${role}/${part}`;
      tiles.push({kind: 'group', key, role, part, parts, assets: members, severity: worstOf(members), open: open.has(key), x: 0, y: 0});
      if (open.has(key)) tiles.push(...members.map(one));
    }
  }
  return tiles;
};

const columnsFor = (count: number): number => Math.max(1, Math.min(count, Math.max(3, Math.round(Math.sqrt(count * 0.9)))));

const place = (tiles: Tile[]): {width: number; height: number} => {
  const columns = columnsFor(tiles.length);
  tiles.forEach((each, at) => {
    each.x = tile.pad + (at % columns) * (tile.width + tile.gap);
    each.y = tile.head + Math.floor(at / columns) * (tile.height + tile.gap);
  });
  const rows = Math.max(1, Math.ceil(tiles.length / columns));
  return {width: Math.max(220, tile.pad * 2 + columns * (tile.width + tile.gap) - tile.gap),
    height: tile.head + tile.pad + rows * (tile.height + tile.gap) - tile.gap};
};

/** The conduits and the wall of each two zones. */
export const pairsOf = (report: Report): Omit<Pair, 'points' | 'label'>[] => {
  const zones = new Map(report.network.zones.map((zone) => [zone.zone, zone]));
  const pairs = new Map<string, Omit<Pair, 'points' | 'label'>>();
  const pair = (from: number | null, to: number | null): Omit<Pair, 'points' | 'label'> | null => {
    const [a, b] = [zones.get(from ?? -1), zones.get(to ?? -1)];
    if (!a || !b || a === b) return null;
    // The higher level is `a`, so that lines run down.
    const up = (a.level ?? -1) > (b.level ?? -1) || (a.level === b.level && a.zone < b.zone);
    const [high, low] = up ? [a, b] : [b, a];
    const key = `${high.zone}-${low.zone}`;
    const known = pairs.get(key) ?? {key, a: high, b: low, forth: null, back: null, wall: null};
    pairs.set(key, known);
    return known;
  };
  for (const conduit of report.network.conduits.rows) {
    const found = pair(conduit.from_zone, conduit.to_zone);
    if (!found) continue;
    if (found.a.zone === conduit.from_zone) found.forth = conduit;
    else found.back = conduit;
  }
  for (const wall of report.network.walls) {
    const found = pair(wall.from_zone, wall.to_zone);
    if (found) found.wall = wall;
  }
  return [...pairs.values()];
};

/** The width at which boxes fill something of a screen's shape. */
const breadth = (boxes: ZoneBox[]): number =>
  Math.max(900, Math.sqrt(boxes.reduce((sum, box) => sum + (box.width + kGap) * (box.height + kGap), 0)) * 1.6);

/** Boxes in rows of about the same width, from the top left corner; their size together. */
const shelve = (boxes: ZoneBox[], room = breadth(boxes)): {width: number; height: number} => {
  const most = Math.max(room, ...boxes.map((box) => box.width));
  let [x, y, high, wide] = [0, 0, 0, 0];
  for (const box of boxes) {
    if (x > 0 && x + box.width > most) {
      [x, y, high] = [0, y + high + kGap, 0];
    }
    [box.x, box.y] = [x, y];
    x += box.width + kGap;
    wide = Math.max(wide, x - kGap);
    high = Math.max(high, box.height);
  }
  return {width: wide, height: y + high};
};

const foldOf = (level: number | null, alone: ZoneBox[], open: ReadonlySet<string>): Fold | null => {
  const key = `alone/${level}`;
  return alone.length > kMostAlone ? {key, zones: alone.map((box) => box.zone), open: open.has(key), x: 0, y: 0} : null;
};

/** Each level in rows, and lines straight from box to box, behind them. */
const denseLayout = (all: Zone[], levels: (number | null)[], boxes: ReadonlyMap<number, ZoneBox>, pairs: Omit<Pair, 'points' | 'label'>[],
  linked: ReadonlySet<number>, open: ReadonlySet<string>): MapLayout => {
  const [zones, folds, bands]: [ZoneBox[], Fold[], Band[]] = [[], [], []];
  const room = breadth([...boxes.values()].filter((box) => linked.has(box.zone.zone)));
  let [y, width] = [30, 400];
  for (const level of levels) {
    const row = all.flatMap((zone) => (zone.level === level ? boxes.get(zone.zone) ?? [] : []));
    const fold = foldOf(level, row.filter((box) => !linked.has(box.zone.zone)), open);
    const shown = fold && !fold.open ? row.filter((box) => linked.has(box.zone.zone)) : row;
    const head = fold ? foldSize.height + kGap : 0;
    const size = shelve(shown, room);
    for (const box of shown) {
      box.x += 30;
      box.y += y + head;
    }
    if (fold) folds.push({...fold, x: 30, y});
    zones.push(...shown);
    const height = shown.length > 0 ? head + size.height : foldSize.height;
    bands.push({level, y: y - 14, height: height + 28});
    width = Math.max(width, size.width + 60);
    y += height + 110;
  }
  const led = pairs.map((pair): Pair => {
    const [a, b] = [boxes.get(pair.a.zone), boxes.get(pair.b.zone)] as [ZoneBox, ZoneBox];
    const from = {x: a.x + a.width / 2, y: a.y + a.height};
    const to = {x: b.x + b.width / 2, y: b.y > from.y ? b.y : b.y + b.height};
    return {...pair, points: [from, to], label: {x: (from.x + to.x) / 2, y: (from.y + to.y) / 2}};
  });
  return {dense: true, folds, zones, pairs: led, bands, width, height: y - 80};
};

export const layoutOf = (report: Report, assetsOfZone: ReadonlyMap<number, Asset[]>, open: ReadonlySet<string>): MapLayout => {
  const all = report.network.zones;
  const graph = new dagre.graphlib.Graph({multigraph: true});
  graph.setGraph({rankdir: 'TB', nodesep: 48, ranksep: 44, edgesep: 26, marginx: 30, marginy: 24});
  graph.setDefaultEdgeLabel(() => ({}));
  const boxes = new Map<number, ZoneBox>();
  for (const zone of all) {
    const tiles = tilesOf(zone, assetsOfZone.get(zone.zone) ?? [], open, all.length > kManyZones ? kFewTiles : kMostTiles);
    boxes.set(zone.zone, {zone, x: 0, y: 0, tiles, ...place(tiles)});
  }
  const pairs = pairsOf(report);
  const linked = new Set(pairs.flatMap((pair) => [pair.a.zone, pair.b.zone]));
  const levels = [...new Set(all.map((zone) => zone.level))].sort((x, y) => (y ?? -1) - (x ?? -1));
  if (pairs.length > kMostLed) return denseLayout(all, levels, boxes, pairs, linked, open);
  // A spine of unseen nodes keeps each level below the one above it. Zones that no line reaches stand in rows.
  const blocks: {name: string; boxes: ZoneBox[]; fold: Fold | null}[] = [];
  levels.forEach((level, at) => {
    if (at > 0) graph.setNode(`s${at}`, {width: 1, height: 1});
    if (at > 1) graph.setEdge(`s${at - 1}`, `s${at}`, {weight: 0, minlen: 2}, 'spine');
    const stand = (name: string, width: number, height: number): void => {
      graph.setNode(name, {width, height});
      if (at > 0) graph.setEdge(`s${at}`, name, {weight: 0, minlen: 1}, 'spine');
      if (at + 1 < levels.length) graph.setEdge(name, `s${at + 1}`, {weight: 0, minlen: 1}, 'spine');
    };
    const row = all.flatMap((zone) => (zone.level === level ? boxes.get(zone.zone) ?? [] : []));
    const led = row.filter((box) => linked.has(box.zone.zone));
    led.forEach((box, index) => {
      stand(`z${box.zone.zone}`, box.width, box.height);
      const above = led[index - kMostInRow];
      if (above) graph.setEdge(`z${above.zone.zone}`, `z${box.zone.zone}`, {weight: 0, minlen: 2}, 'spine');
    });
    const alone = row.filter((box) => !linked.has(box.zone.zone));
    if (alone.length === 0) return;
    const fold = foldOf(level, alone, open);
    const shown = fold && !fold.open ? [] : alone;
    const size = shelve(shown);
    const head = fold ? foldSize.height + kGap : 0;
    for (const box of shown) box.y += head;
    stand(`b${at}`, Math.max(size.width, foldSize.width), size.height + (shown.length > 0 ? head : foldSize.height));
    blocks.push({name: `b${at}`, boxes: shown, fold});
  });
  for (const pair of pairs)
    graph.setEdge(`z${pair.a.zone}`, `z${pair.b.zone}`, {weight: 2, minlen: 2, width: 84, height: 30, labelpos: 'c'}, pair.key);
  dagre.layout(graph);

  const folded = new Set(blocks.flatMap((block) => (block.fold && !block.fold.open ? block.fold.zones.map((zone) => zone.zone) : [])));
  const zones = [...boxes.values()].filter((box) => !folded.has(box.zone.zone));
  for (const box of zones) {
    if (!linked.has(box.zone.zone)) continue;
    const node = graph.node(`z${box.zone.zone}`);
    box.x = node.x - box.width / 2;
    box.y = node.y - box.height / 2;
  }
  for (const block of blocks) {
    const node = graph.node(block.name);
    for (const each of block.fold ? [block.fold, ...block.boxes] : block.boxes) {
      each.x += node.x - node.width / 2;
      each.y += node.y - node.height / 2;
    }
  }
  const led = pairs.map((pair): Pair => {
    const edge = graph.edge(`z${pair.a.zone}`, `z${pair.b.zone}`, pair.key) as unknown as {points: {x: number; y: number}[]; x?: number; y?: number};
    const middle = edge.points[Math.floor(edge.points.length / 2)] ?? {x: 0, y: 0};
    return {...pair, points: edge.points, label: {x: edge.x ?? middle.x, y: edge.y ?? middle.y}};
  });
  dock(led, boxes);
  // What is drawn begins at the left edge.
  const folds = blocks.flatMap((block) => block.fold ?? []);
  const left = Math.min(...zones.map((box) => box.x), ...folds.map((fold) => fold.x), ...led.flatMap((pair) => pair.points.map((point) => point.x - 44))) - 20;
  for (const box of [...zones, ...folds]) box.x -= left;
  for (const pair of led) {
    pair.label.x -= left;
    for (const point of pair.points) point.x -= left;
  }
  const bands = levels.map((level): Band => {
    const row = [...zones.filter((box) => box.zone.level === level),
      ...folds.filter((fold) => fold.zones[0]?.level === level).map((fold) => ({y: fold.y, height: foldSize.height}))];
    const top = Math.min(...row.map((box) => box.y));
    return {level, y: top - 14, height: Math.max(...row.map((box) => box.y + box.height)) - top + 28};
  });
  const right = Math.max(...zones.map((box) => box.x + box.width), ...folds.map((fold) => fold.x + foldSize.width), ...led.flatMap((pair) => pair.points.map((point) => point.x + 44)));
  return {dense: false, folds, zones, pairs: led, bands, width: Math.max(right + 20, 400), height: graph.graph().height ?? 0};
};

/** Lines leave a box at its lower side and reach one at its upper side, each at a place of its own. */
const dock = (pairs: Pair[], boxes: ReadonlyMap<number, ZoneBox>): void => {
  for (const box of boxes.values()) {
    for (const lower of [true, false]) {
      const here = pairs.filter((pair) => (lower ? pair.a : pair.b).zone === box.zone.zone)
        .map((pair) => ({point: pair.points[lower ? 0 : pair.points.length - 1], next: pair.points[lower ? 1 : pair.points.length - 2]}))
        .sort((x, y) => (x.next?.x ?? 0) - (y.next?.x ?? 0));
      const room = Math.min(34, (box.width - 40) / Math.max(1, here.length));
      let free = box.x + 20;
      here.forEach((each, at) => {
        if (!each.point) return;
        const most = box.x + box.width - 20 - (here.length - 1 - at) * room;
        each.point.x = Math.min(most, Math.max(free, each.next?.x ?? 0));
        each.point.y = lower ? box.y + box.height : box.y;
        free = each.point.x + room;
      });
    }
  }
};

/** A line through points that are each met from straight above, moved sideways by `aside`. */
export const pathOf = (points: {x: number; y: number}[], aside: number): string => {
  const show = (x: number, y: number): string => `${(x + aside).toFixed(1)} ${y.toFixed(1)}`;
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M ${show(first.x, first.y)}`;
  let last = first;
  for (const point of rest) {
    const middle = (last.y + point.y) / 2;
    path += ` C ${show(last.x, middle)} ${show(point.x, middle)} ${show(point.x, point.y)}`;
    last = point;
  }
  return path;
};

/** As much of a name as a tile has room for; letters of East Asia are twice as wide. */
export const fitted = (name: string, room: number): string => {
  let used = 0;
  let at = 0;
  for (const letter of name) {
    used += (letter.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1;
    if (used > room) return `${name.slice(0, Math.max(0, at - 1))}…`;
    at += letter.length;
  }
  return name;
};
