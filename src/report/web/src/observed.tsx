// What was observed: assets, services, conversations, operations, events.

import {useMemo} from 'preact/hooks';
import {Chart} from './charts';
import {FilterBar, severityChoice, useFilters} from './filters';
import {conversationPasses, eventPasses, matches, occurring, operationPasses, reaches, severities} from './filter';
import {palette} from './palette';
import {AssetLink, FrameLink, Section, SeverityTag} from './parts';
import type {Asset, Conversation, Happening, Operation, Service, Severity} from './report';
import {useState_, ViewLink} from './state';
import {Shown, Table, type Column} from './table';
import {list, number, term, time, word, yesno} from './words';

const rank = (severity: string): number => (severity ? severities.indexOf(severity as Severity) : severities.length);

export const addressesOf = (row: Asset): string[] => [...new Set(row.addresses.map((each) => each.ip ?? each.mac ?? ''))].filter(Boolean);

const assetColumns = (): Column<Asset>[] => [
  {key: 'name', label: word('name'), width: 'minmax(140px, 1.4fr)', value: (row) => row.name, cell: (row) => <b>{row.name}</b>},
  {key: 'role', label: word('role'), width: 'minmax(130px, 1fr)', value: (row) => term('role', row.role),
    cell: (row) => <>{term('role', row.role)}{row.role === 'unknown' ? '' : <span class="soft small"> {row.role_confidence} %</span>}</>},
  {key: 'level', label: word('level'), numeric: true, width: '70px', value: (row) => row.level, cell: (row) => number(row.level)},
  {key: 'zone', label: word('zone'), width: 'minmax(90px, 0.8fr)', value: (row) => row.zone, cell: (row) => term('zone', row.zone)},
  {key: 'address', label: word('address'), width: 'minmax(130px, 1fr)', value: (row) => addressesOf(row)[0] ?? '', cell: (row) => {
    const all = addressesOf(row);
    return all.length === 0 ? '' : <span class="mono">{all[0]}{all.length > 1 ? <span class="soft"> +{all.length - 1}</span> : null}</span>;
  }},
  {key: 'model', label: word('model'), width: 'minmax(140px, 1.4fr)', value: (row) => row.vendor, cell: (row) => list([row.vendor, row.model, row.firmware])},
  {key: 'severity', label: word('worst_of'), width: '112px', value: (row) => rank(row.severity), cell: (row) => (row.severity ? <SeverityTag severity={row.severity} /> : '')},
  {key: 'findings', label: word('findings'), numeric: true, width: '84px', value: (row) => row.findings, cell: (row) => (row.findings === 0 ? ''
    : <ViewLink to="findings" filters={{asset: row.asset}}>{number(row.findings)}</ViewLink>)},
];

export const assetPasses = (row: Asset, filters: Record<string, string>): boolean =>
  (!filters.zone || row.zone === filters.zone) && (!filters.role || row.role === filters.role) && reaches(row.severity, filters.severity ?? '') &&
  matches(filters.q, [row.name, term('role', row.role), row.vendor, row.model, row.firmware, row.serial, row.os, term('zone', row.zone),
    ...row.addresses.flatMap((each) => [each.ip, each.mac])]);

export const Assets = () => {
  const {report, route} = useState_();
  const filters = useFilters();
  const rows = useMemo(() => report.assets.rows.filter((row) => assetPasses(row, filters)), [filters, report]);
  return <Section id="assets" title={word('assets')}>
    <FilterBar choices={[
      {key: 'zone', label: word('zone'), values: report.network.zones.map((zone) => [zone.name, term('zone', zone.name)])},
      {key: 'role', label: word('role'), values: occurring(report.assets.rows.map((row) => row.role)).map((code) => [code, term('role', code)])},
      severityChoice(false)]} />
    <p><Shown shown={rows.length} total={report.assets.total} /></p>
    <Table label={word('assets')} rows={rows} columns={assetColumns()} id={(row) => String(row.asset)} chosen={route.open}
      opens={(row) => `asset-${row.asset}`} total={report.assets.total} />
  </Section>;
};

export const serviceColumns = (): Column<Service>[] => [
  {key: 'name', label: word('asset'), width: 'minmax(140px, 1.4fr)', value: (row) => row.name, cell: (row) => <AssetLink asset={row.asset} name={row.name} />},
  {key: 'zone', label: word('zone'), value: (row) => row.zone, cell: (row) => term('zone', row.zone)},
  {key: 'port', label: word('port'), width: '110px', value: (row) => Number(row.port) || 0, cell: (row) => <span class="mono">{row.transport}/{row.port}</span>},
  {key: 'protocol', label: word('protocol'), value: (row) => row.protocol, cell: (row) => row.protocol},
  {key: 'confidence', label: word('confidence'), numeric: true, value: (row) => row.confidence, cell: (row) => `${row.confidence} %`},
  {key: 'encrypted', label: word('encrypted'), width: '84px', value: (row) => String(row.encrypted), cell: (row) => yesno(row.encrypted)},
  {key: 'clients', label: word('clients'), numeric: true, value: (row) => row.clients,
    cell: (row) => <ViewLink to="conversations" filters={{asset: row.asset, protocol: row.protocol}}>{number(row.clients)}</ViewLink>},
  {key: 'strength', label: word('strength'), width: 'minmax(120px, 1fr)', value: (row) => row.strength, cell: (row) => `${row.strength} ${term('strength', row.strength)}`},
  {key: 'frame', label: word('frame'), width: '110px', cell: (row) => <FrameLink frame={row.evidence} />},
];

export const Services = () => {
  const {report} = useState_();
  const filters = useFilters();
  const rows = useMemo(() => report.services.rows.filter((row) => (!filters.protocol || row.protocol === filters.protocol) &&
    matches(filters.q, [row.name, term('zone', row.zone), row.protocol, `${row.transport}/${row.port}`])), [filters, report]);
  return <Section id="services" title={word('services')}>
    <FilterBar choices={[{key: 'protocol', label: word('protocol'), values: occurring(report.services.rows.map((row) => row.protocol)).map((each) => [each, each])}]} />
    <p><Shown shown={rows.length} total={report.services.total} /></p>
    <Table label={word('services')} rows={rows} columns={serviceColumns()} total={report.services.total} />
  </Section>;
};

const end = (asset: number | null, name: string, address: string, zone: string) => <><AssetLink asset={asset} name={name || address} />
  {address && address !== name ? <span class="mono small soft"> {address}</span> : null}
  {zone ? <div class="small soft">{term('zone', zone)}</div> : null}</>;

export const conversationColumns = (): Column<Conversation>[] => [
  {key: 'client', label: word('client'), width: 'minmax(150px, 1.5fr)', value: (row) => row.client, cell: (row) => end(row.client_asset, row.client, row.client_address, row.client_zone)},
  {key: 'server', label: word('server'), width: 'minmax(150px, 1.5fr)', value: (row) => row.server, cell: (row) => end(row.server_asset, row.server, row.server_address, row.server_zone)},
  {key: 'service', label: word('service'), width: 'minmax(110px, 1fr)', value: (row) => row.service,
    cell: (row) => <>{row.service}<div class="small soft mono">{row.transport}/{row.port}</div></>},
  {key: 'access', label: word('access'), width: 'minmax(110px, 1fr)', value: (row) => row.access.join(), cell: (row) => list(row.access.map((each) => term('access', each)))},
  {key: 'established', label: word('established'), numeric: true, width: '108px', value: (row) => row.established,
    cell: (row) => <span title={`${word('attempted')} ${row.attempted}, ${word('refused')} ${row.refused}, ${word('unanswered')} ${row.unanswered}`}>{number(row.established)}/{number(row.attempted)}</span>},
  {key: 'packets', label: word('packets'), numeric: true, width: '92px', value: (row) => row.packets, cell: (row) => number(row.packets)},
  {key: 'severity', label: word('worst_of'), width: '112px', value: (row) => rank(row.severity), cell: (row) => (row.severity ? <SeverityTag severity={row.severity} />
    : row.excepted ? <span class="small soft">{word('excepted')}</span> : '')},
  {key: 'frame', label: word('frame'), width: '104px', cell: (row) => <FrameLink frame={row.evidence} />},
];

export const accessChoice = (values: Iterable<string>) => ({key: 'access', label: word('access'),
  values: occurring(values).map((each): [string, string] => [each, term('access', each)])});

export const conversationChoices = (rows: Conversation[]) => [
  {key: 'protocol', label: word('protocol'), values: occurring(rows.map((row) => row.service)).map((each): [string, string] => [each, each])},
  accessChoice((function* each() { for (const row of rows) yield* row.access; })()),
  severityChoice(false),
];

export const Conversations = () => {
  const {report, route} = useState_();
  const filters = useFilters();
  const all = report.conversations.rows;
  const rows = useMemo(() => all.filter((row) => conversationPasses(row, filters)), [filters, all]);
  const choices = useMemo(() => conversationChoices(all), [all, route.lang]);
  return <Section id="conversations" title={word('talks')}>
    <FilterBar time choices={choices} />
    <p><Shown shown={rows.length} total={report.conversations.total} /></p>
    <Table label={word('talks')} rows={rows} columns={conversationColumns()} id={(row) => String(row.conversation)} chosen={route.open}
      opens={(row) => `conversation-${row.conversation}`} total={report.conversations.total} />
  </Section>;
};

const outcomes = ['executed', 'rejected', 'unanswered', 'unconfirmed'] as const;

const OperationChart = () => {
  const {report, dark, paper, go, route} = useState_();
  const colours = palette(dark && !paper);
  const rows = [...report.operations.by_access].sort((a, b) => a.requests - b.requests);
  const decal = {color: colours.paper, symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4};
  const look = [{color: colours.adjusted}, {color: colours.high, decal}, {color: colours.medium, decal: {...decal, rotation: 0}}, {color: colours.claimed}];
  return <Chart label={word('operations_chart')} height={rows.length * 26 + 64}
    onChoose={(series, index) => go({...route, view: 'operations', open: '', filters: {access: rows[index]?.access ?? '', outcome: outcomes[series] ?? ''}})}
    option={{
      legend: {top: 0, left: 0, itemWidth: 16, itemHeight: 11, textStyle: {color: colours.ink}},
      grid: {left: 4, right: 20, top: 34, bottom: 4, containLabel: true},
      xAxis: {type: 'value', max: 100, axisLabel: {color: colours.soft, formatter: '{value} %'}, splitLine: {lineStyle: {color: colours.line}}},
      yAxis: {type: 'category', data: rows.map((row) => `${term('access', row.access)} (${number(row.requests)})`), axisLabel: {color: colours.ink},
        axisTick: {show: false}, axisLine: {lineStyle: {color: colours.line}}},
      series: outcomes.map((key, at) => ({type: 'bar', stack: 'all', name: word(key), barCategoryGap: '22%', itemStyle: look[at], cursor: 'pointer',
        data: rows.map((row) => (row[key] > 0 ? 100 * row[key] / Math.max(1, row.requests) : '-'))})),
    }} />;
};

const operationColumns = (): Column<Operation>[] => [
  {key: 'client', label: word('client'), width: 'minmax(120px, 1.2fr)', value: (row) => row.client, cell: (row) => end(row.client_asset, row.client, '', row.client_zone)},
  {key: 'server', label: word('server'), width: 'minmax(120px, 1.2fr)', value: (row) => row.server, cell: (row) => end(row.server_asset, row.server, '', row.server_zone)},
  {key: 'name', label: word('operation'), width: 'minmax(150px, 1.6fr)', value: (row) => `${row.protocol} ${row.name}`,
    cell: (row) => <>{row.protocol} {row.name} <span class="soft small">({row.code})</span>{row.target ? <div class="small soft mono">{row.target}</div> : null}</>},
  {key: 'access', label: word('access'), width: 'minmax(100px, 0.9fr)', value: (row) => row.access, cell: (row) => <>{term('access', row.access)}
    {row.crosses ? <div class="small">⇄ {word('crosses')}</div> : null}</>},
  ...(['requests', ...outcomes] as const).map((key): Column<Operation> => ({key, label: word(key), numeric: true, width: '104px',
    value: (row) => row[key], cell: (row) => (row[key] === 0 ? '' : number(row[key]))})),
  {key: 'frame', label: word('frame'), width: '104px', cell: (row) => <FrameLink frame={row.evidence} />},
];

export const OperationTable = ({rows, total, label}: {rows: Operation[]; total: number; label: string}) => {
  const {route} = useState_();
  return <Table label={label} rows={rows} columns={operationColumns()} chosen={route.open} opens={(row) => `conversation-${row.conversation}`} total={total} />;
};

export const Operations = () => {
  const {report} = useState_();
  const filters = useFilters();
  const all = report.operations.rows;
  const rows = useMemo(() => all.filter((row) => operationPasses(row, filters)), [filters, all]);
  return <Section id="operations" title={word('operations')} hint={word('operations_hint')}>
    {report.operations.by_access.length > 0 ? <>
      <OperationChart />
      <Table label={word('access')} rows={report.operations.by_access} id={(row) => row.access} columns={[
        {key: 'access', label: word('access'), width: 'minmax(140px, 2fr)', cell: (row) => <ViewLink to="operations" filters={{access: row.access}}>{term('access', row.access)}</ViewLink>},
        ...(['requests', ...outcomes] as const).map((key): Column<(typeof report.operations.by_access)[number]> => ({key, label: word(key), numeric: true,
          value: (row) => row[key], cell: (row) => (row[key] === 0 ? '' : <ViewLink to="operations"
            filters={key === 'requests' ? {access: row.access} : {access: row.access, outcome: key}}>{number(row[key])}</ViewLink>)}))]} />
    </> : null}
    <FilterBar time choices={[
      {key: 'protocol', label: word('protocol'), values: occurring(all.map((row) => row.protocol)).map((each) => [each, each])},
      accessChoice(all.map((row) => row.access)),
      {key: 'outcome', label: word('outcome'), values: outcomes.map((key) => [key, word(key)])}]} />
    <p><Shown shown={rows.length} total={report.operations.total} /></p>
    <OperationTable rows={rows} total={report.operations.total} label={word('operations')} />
  </Section>;
};

export const eventColumns = (): Column<Happening>[] => [
  {key: 'kind', label: word('event'), width: 'minmax(120px, 1fr)', value: (row) => row.kind, cell: (row) => term('event', row.kind)},
  {key: 'name', label: word('asset'), width: 'minmax(120px, 1fr)', value: (row) => row.name, cell: (row) => <AssetLink asset={row.asset} name={row.name} />},
  {key: 'detail', label: word('value'), width: 'minmax(160px, 2fr)', value: (row) => row.detail, cell: (row) => row.detail},
  {key: 'count', label: word('count'), numeric: true, width: '76px', value: (row) => row.count, cell: (row) => number(row.count)},
  {key: 'first', label: word('first_seen'), width: '150px', value: (row) => row.first_seen, cell: (row) => <span class="mono">{time(row.first_seen, true)}</span>},
  {key: 'frame', label: word('frame'), width: '104px', cell: (row) => <FrameLink frame={row.evidence} />},
];

export const Events = () => {
  const {report} = useState_();
  const filters = useFilters();
  const all = report.events.rows;
  const rows = useMemo(() => all.filter((row) => eventPasses(row, filters)), [filters, all]);
  return <>
    <FilterBar time choices={[{key: 'kind', label: word('kind'), values: occurring(all.map((row) => row.kind)).map((each) => [each, term('event', each)])}]} />
    <p><Shown shown={rows.length} total={report.events.total} /></p>
    <Table label={word('events')} rows={rows} columns={eventColumns()} id={(row) => String(row.event)} total={report.events.total} />
  </>;
};
