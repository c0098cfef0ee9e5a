// The map: zones by Purdue level, assets inside, conduits in the colour of their worst finding, and the walls.

import {select} from 'd3-selection';
import {zoom, zoomIdentity, type ZoomBehavior} from 'd3-zoom';
import {useEffect, useMemo, useRef, useState} from 'preact/hooks';
import {FilterBar, useFilters} from './filters';
import {conversationPasses, severities} from './filter';
import {fitted, foldSize, layoutOf, pathOf, tile, type MapLayout, type Pair, type Tile} from './layout';
import {conversationChoices} from './observed';
import {palette, severityColour, type Palette} from './palette';
import {Section, shapes} from './parts';
import type {Conduit, Report, Worst} from './report';
import {opened} from './route';
import {useState_} from './state';
import {counted, number, term, word} from './words';

const wallSigns: Record<string, string> = {present: '▮▮', absent: '▯▯', unknown: '?'};
const dashes: Record<string, string> = {critical: '', high: '', medium: '9 4', low: '4 4', info: '2 4', '': ''};

/** What the filters leave: the conversations' conduits and assets. */
const passing = (report: Report, filters: Record<string, string>): {conduits: Set<number>; assets: Set<number>} | null => {
  if (Object.keys(filters).length === 0) return null;
  const conduits = new Set<number>();
  const assets = new Set<number>();
  for (const row of report.conversations.rows) {
    if (!conversationPasses(row, filters)) continue;
    if (row.conduit !== null) conduits.add(row.conduit);
    if (row.client_asset !== null) assets.add(row.client_asset);
    if (row.server_asset !== null) assets.add(row.server_asset);
  }
  if (filters.q && Object.keys(filters).length === 1)
    for (const row of report.assets.rows)
      if ([row.name, row.vendor, row.model, ...row.addresses.map((each) => each.ip ?? '')].some((each) => each.toLowerCase().includes(filters.q!.toLowerCase())))
        assets.add(row.asset);
  return {conduits, assets};
};

const activate = (act: () => void) => ({
  onClick: act,
  onKeyDown: (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    act();
  },
});

const Line = ({conduit, path, colours, faint, chosen, open, label}:
{conduit: Conduit; path: string; colours: Palette; faint: boolean; chosen: boolean; open: () => void; label: string}) => {
  const colour = conduit.severity ? severityColour(colours, conduit.severity) : colours.soft;
  const width = Math.min(7, 1.8 + Math.log10(1 + conduit.conversations) * 1.4) + (chosen ? 2 : 0);
  return <g class="conduit" role="button" tabindex={0} opacity={faint ? 0.12 : 1} {...activate(open)}>
    <title>{label}</title>
    <path d={path} fill="none" stroke="transparent" stroke-width={14} />
    <path d={path} fill="none" stroke={colour} stroke-width={width} stroke-dasharray={dashes[conduit.severity]} marker-end={`url(#to-${conduit.severity || 'none'})`} />
  </g>;
};

const TileView = ({each, colours, faint, chosen, act, room}:
{each: Tile; colours: Palette; faint: boolean; chosen: boolean; act: () => void; room: number}) => {
  const severity: Worst = each.kind === 'asset' ? each.asset.severity : each.severity;
  const name = each.kind === 'asset' ? each.asset.name
    : term('role', each.role);
  const label = each.kind === 'asset'
    ? `${name}, ${term('role', each.asset.role)}, ${severity ? term('severity', severity) : word('no_finding')}`
    : each.open ? word('fold', {name: term('role', each.role)}) : word('unfold', {name: term('role', each.role), count: number(each.assets.length)});
  return <g class="tile" transform={`translate(${each.x} ${each.y})`} role="button" tabindex={0}
    aria-expanded={each.kind === 'group' ? each.open : undefined} opacity={faint ? 0.18 : 1} {...activate(act)}>
    <title>{label}</title>
    <rect width={tile.width} height={tile.height} rx={5} fill={each.kind === 'group' ? colours.band : colours.paper}
      stroke={chosen ? colours.link : severity ? severityColour(colours, severity) : colours.line} stroke-width={chosen ? 3 : severity ? 1.8 : 1} />
    {severity ? <text x={10} y={23} font-size={13} fill={severityColour(colours, severity)} aria-hidden="true">{shapes[severity]}</text> : null}
    <text aria-hidden="true" x={severity ? 26 : 10} y={15.5} font-size={12.5} font-weight={600} fill={colours.ink}>{fitted(name, severity ? room - 2 : room)}</text>
    <text aria-hidden="true" x={severity ? 26 : 10} y={29.5} font-size={10.5} fill={colours.soft}>{each.kind === 'asset' ? fitted(term('role', each.asset.role), room + 2)
      : `× ${number(each.assets.length)}${each.parts > 1 ? ` (${each.part + 1}/${each.parts})` : ''} ${each.open ? '▾' : '▸'}`}</text>
  </g>;
};

const conduitName = (conduit: Conduit): string => `${word('from_to', {from: term('zone', conduit.from), to: term('zone', conduit.to)})}, ` +
  `${counted('n_talks', conduit.conversations)}, ${conduit.severity ? term('severity', conduit.severity) : word('no_finding')}`;

const PairView = ({pair, colours, left, chosen, go, dense}:
{dense: boolean; pair: Pair; colours: Palette; left: ReturnType<typeof passing>; chosen: string; go: (open: string) => void}) => {
  const both = pair.forth && pair.back;
  const faint = (conduit: Conduit | null): boolean => left !== null && (conduit === null || !left.conduits.has(conduit.conduit));
  // Among hundreds of lines only those of what is open stand out.
  const named = [`zone-${pair.a.zone}`, `zone-${pair.b.zone}`, `wall-${pair.key}`, `conduit-${pair.forth?.conduit}`, `conduit-${pair.back?.conduit}`].includes(chosen);
  const reversed = [...pair.points].reverse();
  const verdict = pair.wall?.verdict;
  const colour = verdict === 'present' ? colours.after : verdict === 'absent' ? colours.high : colours.soft;
  const count = (pair.forth?.conversations ?? 0) + (pair.back?.conversations ?? 0);
  const name = word('from_to', {from: term('zone', pair.a.name), to: term('zone', pair.b.name)});
  return <g opacity={dense && !named ? 0.4 : 1}>
    {pair.forth ? <Line conduit={pair.forth} path={pathOf(pair.points, both ? 5 : 0)} colours={colours} faint={faint(pair.forth)}
      chosen={chosen === `conduit-${pair.forth.conduit}`} open={() => go(`conduit-${pair.forth?.conduit}`)} label={conduitName(pair.forth)} /> : null}
    {pair.back ? <Line conduit={pair.back} path={pathOf(reversed, both ? -5 : 0)} colours={colours} faint={faint(pair.back)}
      chosen={chosen === `conduit-${pair.back.conduit}`} open={() => go(`conduit-${pair.back?.conduit}`)} label={conduitName(pair.back)} /> : null}
    {!pair.forth && !pair.back ? <path d={pathOf(pair.points, 0)} fill="none" stroke={colours.line} stroke-width={1.2} stroke-dasharray="2 5" /> : null}
    {verdict && (!dense || named) ? <g transform={`translate(${pair.label.x - 40} ${pair.label.y - 14})`} role="button" tabindex={0} class="wall"
      opacity={faint(pair.forth) && faint(pair.back) ? 0.25 : 1} {...activate(() => go(`wall-${pair.key}`))}>
      <title>{`${name}${word('colon')}${word(`wall_${verdict}`)} (${pair.wall?.confidence} %)`}</title>
      <rect width={80} height={28} rx={14} fill={colours.paper} stroke={colour} stroke-width={1.6} stroke-dasharray={verdict === 'absent' ? '4 3' : verdict === 'unknown' ? '1.5 3' : ''} />
      <text aria-hidden="true" x={14} y={19} font-size={13} font-weight={700} fill={colour}>{wallSigns[verdict]}</text>
      <text aria-hidden="true" x={68} y={18.5} font-size={12} text-anchor="end" fill={colours.ink}>{count === 0 ? '–' : number(count)}</text>
    </g> : null}
  </g>;
};

/** Lines from the chosen asset to those it talks with. */
const Spokes = ({layout, asset, colours}: {layout: MapLayout; asset: number; colours: Palette}) => {
  const {lookup} = useState_();
  const places = new Map<number, {x: number; y: number}>();
  for (const box of layout.zones) for (const each of box.tiles) {
    const at = {x: box.x + each.x + tile.width / 2, y: box.y + each.y + tile.height / 2};
    for (const member of each.kind === 'asset' ? [each.asset] : each.open ? [] : each.assets) places.set(member.asset, at);
  }
  const from = places.get(asset);
  if (!from) return null;
  const peers = new Map<string, {to: {x: number; y: number}; severity: Worst}>();
  for (const row of lookup.conversationsOfAsset.get(asset) ?? []) {
    const to = places.get((row.client_asset === asset ? row.server_asset : row.client_asset) ?? -1);
    if (!to || to === from) continue;
    const key = `${to.x} ${to.y}`;
    const known = peers.get(key);
    const worse = known && known.severity && (!row.severity || severities.indexOf(known.severity) <= severities.indexOf(row.severity)) ? known.severity : row.severity;
    peers.set(key, {to, severity: worse});
  }
  return <g pointer-events="none">{[...peers.values()].map(({to, severity}) =>
    <path d={`M ${from.x} ${from.y} Q ${(from.x + to.x) / 2 + (to.y - from.y) / 8} ${(from.y + to.y) / 2 - (to.x - from.x) / 8} ${to.x} ${to.y}`}
      fill="none" stroke={severity ? severityColour(colours, severity) : colours.link} stroke-width={1.6} opacity={0.75} stroke-dasharray={dashes[severity]} />)}</g>;
};

const Markers = ({colours}: {colours: Palette}) => <defs>{['none', ...severities].map((severity) =>
  <marker id={`to-${severity}`} viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">
    <path d="M 0 0 L 10 5 L 0 10 z" fill={severity === 'none' ? colours.soft : severityColour(colours, severity)} /></marker>)}</defs>;

const kLeft = 92;  // room for the names of the levels

export const Drawing = ({layout, open, setOpen}: {layout: MapLayout; open: ReadonlySet<string>; setOpen: (open: ReadonlySet<string>) => void}) => {
  const {report, route, go, dark, paper} = useState_();
  const colours = palette(dark && !paper);
  const filters = route.view === 'map' ? route.filters : {};
  const left = useMemo(() => passing(report, filters), [filters, report]);
  const [kind, id] = opened(route.open);
  const show = (what: string): void => go({open: what});
  const toggle = (key: string): void => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  return <>
    <Markers colours={colours} />
    <rect x={-6000} y={-6000} width={layout.width + 12000} height={layout.height + 12000} fill={colours.ground} />
    {layout.bands.map((band) => <g>
      <rect x={-6000} y={band.y} width={layout.width + 12000} height={band.height} fill={colours.band} opacity={0.75} />
      <text aria-hidden="true" x={16} y={band.y + 26} font-size={14} font-weight={700} fill={colours.soft}>
        {band.level === null ? word('purdue_none') : word('purdue', {level: String(band.level)})}</text>
    </g>)}
    <g transform={`translate(${kLeft} 0)`}>
      {layout.pairs.map((pair) => <PairView key={pair.key} dense={layout.dense} pair={pair} colours={colours} left={left} chosen={route.open} go={show} />)}
      {layout.zones.map((box) => <g key={box.zone.zone} transform={`translate(${box.x} ${box.y})`}>
        <rect width={box.width} height={box.height} rx={10} fill={colours.ground} stroke={route.open === `zone-${box.zone.zone}` ? colours.link : colours.soft}
          stroke-width={route.open === `zone-${box.zone.zone}` ? 3 : 1.4} stroke-dasharray={box.zone.declared ? '' : '6 4'} />
        <g role="button" tabindex={0} class="zone" {...activate(() => show(`zone-${box.zone.zone}`))}>
          <title>{`${term('zone', box.zone.name)}, ${counted('n_assets', box.zone.assets)}`}</title>
          <rect width={box.width} height={tile.head - 8} rx={10} fill="transparent" />
          <text aria-hidden="true" x={14} y={20} font-size={15} font-weight={700} fill={colours.ink}>{fitted(term('zone', box.zone.name), Math.floor((box.width - 28) / 8.4))}</text>
          <text aria-hidden="true" x={14} y={36} font-size={11} fill={colours.soft}>{fitted([term('zone_kind', box.zone.kind), counted('n_assets', box.zone.assets),
            box.zone.declared ? '' : word('assumed')].filter(Boolean).join(' · '), Math.floor((box.width - 28) / 5.6))}</text>
        </g>
        {box.tiles.map((each) => <TileView key={each.key} each={each} colours={colours} room={18} chosen={each.kind === 'asset' && kind === 'asset' && id === String(each.asset.asset)}
          faint={left !== null && (each.kind === 'asset' ? !left.assets.has(each.asset.asset) : !each.assets.some((asset) => left.assets.has(asset.asset)))}
          act={() => (each.kind === 'asset' ? show(`asset-${each.asset.asset}`) : toggle(each.key))} />)}
      </g>)}
      {layout.folds.map((fold) => <g key={fold.key} class="tile" transform={`translate(${fold.x} ${fold.y})`} role="button" tabindex={0} aria-expanded={fold.open} {...activate(() => toggle(fold.key))}>
        <title>{word(fold.open ? 'fold' : 'unfold', {name: word('zones_alone'), count: number(fold.zones.length)})}</title>
        <rect width={foldSize.width} height={foldSize.height} rx={10} fill={colours.paper} stroke={colours.soft} stroke-dasharray="6 4" />
        <text aria-hidden="true" x={14} y={27} font-size={13} font-weight={600} fill={colours.ink}>{word('zones_alone')} × {number(fold.zones.length)} {fold.open ? '▾' : '▸'}</text>
      </g>)}
      {kind === 'asset' ? <Spokes layout={layout} asset={Number(id)} colours={colours} /> : null}
    </g>
  </>;
};

const save = (svg: SVGSVGElement, layout: MapLayout): void => {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('viewBox', `0 0 ${layout.width + kLeft} ${layout.height}`);
  copy.setAttribute('width', String(layout.width + kLeft));
  copy.setAttribute('height', String(layout.height));
  copy.querySelector('g.camera')?.removeAttribute('transform');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], {type: 'image/svg+xml'}));
  link.download = 'map.svg';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

const MapLegend = ({colours}: {colours: Palette}) => <ul class="legend" aria-label={word('legend')}>
  {severities.map((severity) => <li><svg width="34" height="14" aria-hidden="true"><line x1="1" x2="33" y1="7" y2="7" stroke={severityColour(colours, severity)} stroke-width="3" stroke-dasharray={dashes[severity]} />
    </svg><span class={`ink-${severity}`} aria-hidden="true">{shapes[severity]}</span> {term('severity', severity)}</li>)}
  <li><svg width="34" height="14" aria-hidden="true"><line x1="1" x2="33" y1="7" y2="7" stroke={colours.soft} stroke-width="3" /></svg> {word('no_finding')}</li>
  {(['present', 'absent', 'unknown'] as const).map((verdict) => <li><b aria-hidden="true">{wallSigns[verdict]}</b> {word(`wall_${verdict}`)}</li>)}
</ul>;

export const NetworkMap = () => {
  const {report, lookup, route, dark, paper} = useState_();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const layout = useMemo(() => layoutOf(report, lookup.assetsOfZone, open), [report, open]);
  const colours = palette(dark && !paper);
  const svg = useRef<SVGSVGElement>(null);
  const camera = useRef<SVGGElement>(null);
  const behaviour = useRef<ZoomBehavior<SVGSVGElement, unknown> | null>(null);
  const filters = useFilters();
  const choices = useMemo(() => conversationChoices(report.conversations.rows), [report, route.lang]);

  useEffect(() => {
    if (!svg.current || paper) return;
    const camera_ = camera.current;
    const moving = zoom<SVGSVGElement, unknown>().scaleExtent([0.05, 6])
      // A wheel alone scrolls the page; with Ctrl, or two fingers, it zooms.
      .filter((event: Event) => (event.type === 'wheel' ? (event as WheelEvent).ctrlKey : event.type === 'touchstart' ? (event as TouchEvent).touches.length > 1 : true))
      .on('zoom', (event: {transform: {toString: () => string}}) => camera_?.setAttribute('transform', event.transform.toString()));
    behaviour.current = moving;
    select(svg.current).call(moving).on('dblclick.zoom', null);
  }, [paper]);
  const scale = (factor: number): void => { if (svg.current && behaviour.current) behaviour.current.scaleBy(select(svg.current), factor); };
  const fit = (): void => { if (svg.current && behaviour.current) behaviour.current.transform(select(svg.current), zoomIdentity); };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === '+' || event.key === '=') scale(1.3);
    else if (event.key === '-') scale(1 / 1.3);
    else if (event.key === '0') fit();
  };

  const drawing = <svg ref={svg} class="map" viewBox={`0 0 ${layout.width + kLeft} ${layout.height}`} role="group" aria-label={word('map')}
    style={{aspectRatio: `${layout.width + kLeft} / ${layout.height}`, maxWidth: `${Math.round(1.5 * (layout.width + kLeft))}px`}} font-family='"Segoe UI", Roboto, "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", Meiryo, sans-serif' onKeyDown={keys}>
    <g class="camera" ref={camera}><Drawing layout={layout} open={open} setOpen={setOpen} /></g></svg>;
  return <Section id="map" title={word('map')} hint={word('map_hint')}>
    <FilterBar time choices={choices} />
    <div class="bar screen">
      <button type="button" onClick={() => scale(1.3)} aria-label={word('zoom_in')}>＋</button>
      <button type="button" onClick={() => scale(1 / 1.3)} aria-label={word('zoom_out')}>－</button>
      <button type="button" onClick={fit}>{word('zoom_fit')}</button>
      {open.size > 0 ? <button type="button" onClick={() => setOpen(new Set())}>{word('fold_all')}</button> : null}
      <button type="button" onClick={() => svg.current && save(svg.current, layout)}>{word('save_svg')}</button>
      {Object.keys(filters).length > 0 ? <PassingCount /> : null}
    </div>
    <div class="mapbox">{drawing}</div>
    <MapLegend colours={colours} />
  </Section>;
};

const PassingCount = () => {
  const {report, route} = useState_();
  const rows = useMemo(() => report.conversations.rows.filter((row) => conversationPasses(row, route.filters)).length, [report, route.filters]);
  return <span class="soft" role="status">{word('talks')}{word('colon')}{word('rows_shown', {shown: number(rows), total: number(report.conversations.total)})}</span>;
};
