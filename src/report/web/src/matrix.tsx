// Who talks into which zone: rows are clients, columns are servers.

import {useMemo} from 'preact/hooks';
import {FrameLink, Hint, Section, SeverityTag, Tag, shapes} from './parts';
import type {Conduit, Zone} from './report';
import {OpenLink, useState_, ViewLink} from './state';
import {Table} from './table';
import {list, number, term, text, word, yesno} from './words';

const wallSigns: Record<string, string> = {present: '▮▮', absent: '▯▯', unknown: '?'};

const kMostZones = 40;  // a matrix of more is no picture any more

interface Counts { within: Map<string, number>; conduits: Map<string, Conduit> }

const Cell = ({from, to, counts}: {from: Zone; to: Zone; counts: Counts}) => {
  const {lookup} = useState_();
  if (from === to) {
    const within = counts.within.get(from.name) ?? 0;
    return <td class="within">{within > 0 ? <ViewLink to="conversations" filters={{zone: from.name}}>{number(within)}<span class="small"> {word('matrix_within')}</span></ViewLink>
      : <span class="soft" aria-hidden="true">·</span>}</td>;
  }
  const conduit = counts.conduits.get(`${from.zone} ${to.zone}`);
  if (!conduit) return <td><span class="soft" aria-hidden="true">–</span><span class="hidden">0</span></td>;
  const wall = lookup.wall(from.zone, to.zone);
  return <td class={`cell s-${conduit.severity || 'none'}`}>
    <OpenLink what={`conduit-${conduit.conduit}`}>
      <b>{number(conduit.conversations)}</b>
      {conduit.severity ? <span class={`ink-${conduit.severity}`}> <span aria-hidden="true">{shapes[conduit.severity]}</span><span class="hidden">{term('severity', conduit.severity)}</span> <span class="small">{number(conduit.findings)}</span></span> : null}
      {wall ? <span class={`sign w-${wall.verdict}`} title={word(`wall_${wall.verdict}`)}><span aria-hidden="true">{wallSigns[wall.verdict]}</span><span class="hidden">{word(`wall_${wall.verdict}`)}</span></span> : null}
    </OpenLink></td>;
};

/** All zones where they are few; else those with most ways across. */
const chosenZones = (zones: Zone[], conduits: Conduit[]): Zone[] => {
  const ways = new Map<number | null, number>();
  for (const row of conduits) for (const zone of [row.from_zone, row.to_zone]) ways.set(zone, (ways.get(zone) ?? 0) + 1);
  const kept = zones.length <= kMostZones ? zones
    : [...zones].sort((a, b) => (ways.get(b.zone) ?? 0) - (ways.get(a.zone) ?? 0)).slice(0, kMostZones).filter((zone) => ways.has(zone.zone));
  return [...kept].sort((a, b) => (b.level ?? -1) - (a.level ?? -1) || a.zone - b.zone);
};

export const Matrix = () => {
  const {report} = useState_();
  const all = report.network.zones;
  const rows = report.network.conduits.rows;
  const zones = useMemo(() => chosenZones(all, rows), [report]);
  const counts = useMemo((): Counts => {
    const within = new Map<string, number>();
    for (const row of report.conversations.rows)
      if (row.client_zone && row.client_zone === row.server_zone) within.set(row.client_zone, (within.get(row.client_zone) ?? 0) + 1);
    return {within, conduits: new Map(rows.map((row) => [`${row.from_zone} ${row.to_zone}`, row]))};
  }, [report]);
  return <Section id="matrix" title={word('matrix')}>
    <Hint>{word('matrix_hint')}</Hint>
    {zones.length === 0 ? <p class="none">{word('none')}</p> : <div class="scroll" tabIndex={0} role="group" aria-label={word('matrix')}><table class="matrix">
      <thead><tr><th scope="col"><span class="soft small">{word('client')} ↓ / {word('server')} →</span></th>
        {zones.map((zone) => <th scope="col"><OpenLink what={`zone-${zone.zone}`}>{term('zone', zone.name)}</OpenLink></th>)}</tr></thead>
      <tbody>{zones.map((from) => <tr><th scope="row"><OpenLink what={`zone-${from.zone}`}>{term('zone', from.name)}</OpenLink></th>
        {zones.map((to) => <Cell from={from} to={to} counts={counts} />)}</tr>)}</tbody>
    </table></div>}
    {zones.length < all.length ? <p class="soft">{word('matrix_left', {count: number(all.length - zones.length)})}</p> : null}
    <Conduits />
  </Section>;
};

const Conduits = () => {
  const {report, lookup, route} = useState_();
  const {rows, total} = report.network.conduits;
  return <>
    <h3>{word('conduits')} <span class="soft">({number(total)})</span></h3>
    <Table<Conduit> label={word('conduits')} rows={rows} total={total} id={(row) => String(row.conduit)} chosen={route.open} opens={(row) => `conduit-${row.conduit}`} columns={[
      {key: 'from', label: word('from'), width: 'minmax(100px, 1fr)', value: (row) => row.from, cell: (row) => <b>{term('zone', row.from)}</b>},
      {key: 'to', label: word('to'), width: 'minmax(100px, 1fr)', value: (row) => row.to, cell: (row) => <b>{term('zone', row.to)}</b>},
      {key: 'protocols', label: word('protocols'), width: 'minmax(150px, 2fr)', cell: (row) => list(row.protocols)},
      {key: 'conversations', label: word('talks'), numeric: true, width: '120px', value: (row) => row.conversations,
        cell: (row) => <ViewLink to="conversations" filters={{conduit: row.conduit}}>{number(row.conversations)}</ViewLink>},
      {key: 'controls', label: word('controls'), numeric: true, width: '116px', value: (row) => row.controls, cell: (row) => number(row.controls)},
      {key: 'wall', label: word('wall_between'), width: '128px', cell: (row) => <Tag group="wall" code={lookup.wall(row.from_zone, row.to_zone)?.verdict ?? ''} />},
      {key: 'severity', label: word('worst_of'), width: '118px', cell: (row) => (row.severity ? <SeverityTag severity={row.severity} /> : '')},
      {key: 'findings', label: word('findings'), numeric: true, width: '96px', value: (row) => row.findings, cell: (row) => (row.findings === 0 ? ''
        : <ViewLink to="findings" filters={{conduit: row.conduit}}>{number(row.findings)}</ViewLink>)},
      {key: 'frame', label: word('frame'), width: '104px', cell: (row) => <FrameLink frame={row.evidence} />},
    ]} />
    {rows.length < total ? <p class="soft">{word('shown', {shown: number(rows.length), total: number(total)})}</p> : null}
    <h3>{word('zones')} <span class="soft">({number(report.network.zones.length)})</span></h3>
    <Table<Zone> label={word('zones')} rows={report.network.zones} id={(row) => String(row.zone)} chosen={route.open} opens={(row) => `zone-${row.zone}`} columns={[
      {key: 'name', label: word('name'), width: 'minmax(110px, 1.2fr)', value: (row) => row.name, cell: (row) => <b>{term('zone', row.name)}</b>},
      {key: 'kind', label: word('kind'), value: (row) => row.kind, cell: (row) => term('zone_kind', row.kind)},
      {key: 'level', label: word('level'), numeric: true, width: '84px', value: (row) => row.level, cell: (row) => number(row.level)},
      {key: 'assets', label: word('assets'), numeric: true, width: '90px', value: (row) => row.assets,
        cell: (row) => <ViewLink to="assets" filters={{zone: row.name}}>{number(row.assets)}</ViewLink>},
      {key: 'declared', label: word('declared'), width: '110px', value: (row) => String(row.declared), cell: (row) => (row.declared ? yesno(true) : word('assumed'))},
      {key: 'confidence', label: word('confidence'), numeric: true, value: (row) => row.confidence, cell: (row) => `${row.confidence} %`},
      {key: 'reason', label: word('reason'), width: 'minmax(160px, 2fr)', cell: (row) => text(row.reason)},
    ]} />
  </>;
};
