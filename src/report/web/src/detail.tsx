// What is open beside a view: one asset, finding, question, conduit, conversation, zone, check or frame, with
// everything that the report knows of it and the way to its frames.

import type {ComponentChildren} from 'preact';
import {useEffect, useRef} from 'preact/hooks';
import {conversationColumns, eventColumns, OperationTable, serviceColumns} from './observed';
import {FindingTable} from './judged';
import {AssetLink, CheckLink, Command, EvidenceList, Facts, FrameLink, None, SeverityTag, Tag, WithOptions} from './parts';
import type {Asset, Conduit, Conversation, Finding, Verdict, Wall} from './report';
import {opened} from './route';
import {OpenLink, useState_, ViewLink} from './state';
import {Table} from './table';
import {bracketed, endText, decodedText, frameCommand, frameName, list, number, points, share, term, text, time, word, yesno} from './words';

const kFew = 12;

const Few = <Row,>({rows, title, all, children}: {rows: Row[]; title: string; all?: ComponentChildren; children: (rows: Row[]) => ComponentChildren}) =>
  rows.length === 0 ? null : <>
    <h3>{title} <span class="soft">({number(rows.length)})</span></h3>
    {children(rows.slice(0, kFew))}
    {rows.length > kFew && all ? <p>{all}</p> : null}
  </>;

const FindingList = ({rows, filters}: {rows: Finding[]; filters: Record<string, string | number>}) =>
  <Few rows={rows} title={word('findings')} all={<ViewLink to="findings" filters={filters}>{word('show_all_of', {count: number(rows.length)})}</ViewLink>}>
    {(few) => <FindingTable rows={few} label={word('findings')} />}</Few>;

const Conversations = ({rows, filters}: {rows: Conversation[]; filters: Record<string, string | number>}) =>
  <Few rows={rows} title={word('talks')} all={<ViewLink to="conversations" filters={filters}>{word('show_all_of', {count: number(rows.length)})}</ViewLink>}>
    {(few) => <Table label={word('talks')} rows={few} columns={conversationColumns()} opens={(row) => `conversation-${row.conversation}`} />}</Few>;

const AssetPage = ({asset}: {asset: Asset}) => {
  const {lookup} = useState_();
  const talks = lookup.conversationsOfAsset.get(asset.asset) ?? [];
  const operations = lookup.operationsOfAsset.get(asset.asset) ?? [];
  const because = (value: ComponentChildren, confidence: number, reason: string): ComponentChildren =>
    <>{value} <span class="soft">{confidence} %</span>{reason ? <div class="small soft">{reason}</div> : null}</>;
  return <>
    <p class="lead"><SeverityTag severity={asset.severity} /> {term('role', asset.role)} · {term('zone', asset.zone)}</p>
    <p class="screen"><ViewLink to="map" filters={{asset: asset.asset}}>{word('show_on_map')}</ViewLink>
      {' · '}<ViewLink to="conversations" filters={{asset: asset.asset}}>{word('show_conversations')}</ViewLink>
      {operations.length > 0 ? <>{' · '}<ViewLink to="operations" filters={{asset: asset.asset}}>{word('show_operations')}</ViewLink></> : null}</p>
    <Facts rows={[
      [word('kind'), term('asset_kind', asset.kind)],
      [word('role'), because(term('role', asset.role), asset.role_confidence, text(asset.role_reason))],
      [word('level'), because(asset.level === null ? word('unknown') : number(asset.level), asset.level_confidence, text(asset.level_reason))],
      [word('zone'), because(asset.zone_id === null ? word('unknown') : <OpenLink what={`zone-${asset.zone_id}`}>{term('zone', asset.zone)}</OpenLink>, asset.zone_confidence, text(asset.zone_reason))],
      [word('vendor'), asset.vendor], [word('model'), asset.model], [word('firmware'), asset.firmware], [word('serial'), asset.serial], [word('os'), asset.os],
      [word('addresses'), asset.addresses.map((each) => <div><span class="mono">{[each.ip, each.mac].filter(Boolean).join(' ')}</span>
        <span class="soft small"> {each.segment}{each.on_link === null || !each.mac ? '' : ` ${word(each.on_link ? 'on_link' : 'off_link')}`}</span></div>)],
      [word('first_seen'), <><span class="mono">{time(asset.first_seen)}</span> <FrameLink frame={asset.evidence} /></>],
      [word('last_seen'), <span class="mono">{time(asset.last_seen)}</span>],
    ]} />
    <Few rows={asset.properties} title={word('properties')}>{() => <Table label={word('properties')} rows={asset.properties} height="50vh" columns={[
      {key: 'name', label: word('name'), width: 'minmax(90px, 1fr)', value: (row) => row.name, cell: (row) => row.name},
      {key: 'value', label: word('value'), width: 'minmax(140px, 2fr)', value: (row) => row.value, cell: (row) => row.value},
      {key: 'source', label: word('source'), width: 'minmax(90px, 1fr)', value: (row) => row.source, cell: (row) => row.source},
      {key: 'confidence', label: word('confidence'), numeric: true, width: '80px', value: (row) => row.confidence, cell: (row) => `${row.confidence} %`},
      {key: 'frame', label: word('frame'), width: '104px', cell: (row) => <FrameLink frame={row.evidence} />},
    ]} />}</Few>
    <FindingList rows={lookup.findingsOfAsset.get(asset.asset) ?? []} filters={{asset: asset.asset}} />
    <Few rows={lookup.services.get(asset.asset) ?? []} title={word('services')}>{(few) =>
      <Table label={word('services')} rows={few} columns={serviceColumns().filter((each) => each.key !== 'name' && each.key !== 'zone')} />}</Few>
    <Conversations rows={talks} filters={{asset: asset.asset}} />
    <Few rows={operations} title={word('operations')} all={<ViewLink to="operations" filters={{asset: asset.asset}}>{word('show_all_of', {count: number(operations.length)})}</ViewLink>}>
      {(few) => <OperationTable rows={few} total={few.length} label={word('operations')} />}</Few>
    <Few rows={lookup.eventsOfAsset.get(asset.asset) ?? []} title={word('events')}>{(few) =>
      <Table label={word('events')} rows={few} columns={eventColumns().filter((each) => each.key !== 'name')} />}</Few>
  </>;
};

const FindingPage = ({finding}: {finding: Finding}) => {
  const {lookup} = useState_();
  const party = (who: Finding['client']): ComponentChildren => who === null ? '' : <><AssetLink asset={who.asset} name={who.name} />{who.zone ? ` [${term('zone', who.zone)}]` : ''}</>;
  const check = lookup.checks.get(finding.check);
  return <>
    <p class="lead"><SeverityTag severity={finding.severity} /> {text(finding.text)}</p>
    <Facts rows={[
      [word('check'), <><CheckLink id={finding.check} /> {text(finding.title)}</>],
      [word('why'), text(finding.why)], [word('remedy'), text(finding.remedy)],
      [word('client'), party(finding.client)], [word('server'), party(finding.server)], [word('asset'), party(finding.asset)],
      [word('conversation'), finding.conversation === null ? '' : <OpenLink what={`conversation-${finding.conversation}`}>{word('open_row')}</OpenLink>],
      [word('strength'), finding.strength ? `${finding.strength} ${term('strength', finding.strength)}` : ''],
      [word('count'), number(finding.count)],
      [word('first_seen'), time(finding.first_seen)], [word('last_seen'), time(finding.last_seen)],
      [word('standards'), list(finding.standards ?? [])],
      [word('result'), check ? text(check.reason) : ''],
    ]} />
    <Proof frames={finding.evidence.length > 0}><EvidenceList frames={finding.evidence} /><Command line={finding.command} /></Proof>
  </>;
};

const Proof = ({frames, children}: {frames: boolean; children: ComponentChildren}) => <>
  <h3>{word('proof')}</h3>
  {frames ? <>{children}<p class="hint"><WithOptions>{word('cut_command_hint')}</WithOptions></p></> : <None>{word('no_proof')}</None>}
</>;

const VerdictFacts = ({verdict}: {verdict: Verdict}) => <>
  {verdict.facts.map((fact) => <div class="fact">
    <p><span class="tag plain">{term('fact', fact.kind)} {fact.strength}</span> {text(fact.text)} <span class="soft small">{fact.rule}</span></p>
    <EvidenceList frames={fact.evidence} />
  </div>)}
  <Command line={verdict.command} />
</>;

const QuestionPage = ({id}: {id: string}) => {
  const {lookup, report} = useState_();
  const question = lookup.questions.get(id);
  const verdict = lookup.verdicts.get(id);
  if (!question) return <None>{word('not_listed')}</None>;
  const area = report.summary.areas.find((each) => each.id === question.area);
  const seen = question.coverage;
  return <>
    <p class="lead">{verdict && !report.gaps.supported.includes(verdict) ? <SeverityTag severity={verdict.severity} /> : null} {text(question.text)}</p>
    <Facts rows={[
      [word('area'), area ? <ViewLink to="questions" filters={{area: area.id}}>{`${area.id} ${text(area.title)}`}</ViewLink> : question.area],
      [word('criterion'), text(question.criterion)],
      [word('claimed'), question.claimed ? term('answer', question.claimed) : '–'],
      [word('adjusted'), question.adjusted ? term('answer', question.adjusted) : ''],
      [word('suggested'), question.suggested ? term('answer', question.suggested) : ''],
      [word('improved'), question.after && question.after !== question.claimed ? term('answer', question.after) : ''],
      [word('verdict'), <Tag group="verdict" code={question.verdict} />],
      [word('evidence'), term('evidence', question.evidence || 'none')],
      [word('weight'), number(question.weight)],
      [word('lost'), verdict && verdict.lost > 0 ? `−${points(verdict.lost)} ${word('points')}` : ''],
      [word('testability'), term('testability', question.testability)],
      [word('coverage_question'), seen ? word(seen.enough ? 'coverage_enough' : 'coverage_lacking') + bracketed(list([`${number(seen.days)} ${word('days')}`, `${word('both_directions')} ${share(seen.both_directions)}`, `${word('loss')} ${share(seen.loss)}`])) : ''],
      [word('note'), text(question.note)], [word('memo'), question.memo],
      [word('fix'), verdict?.fix.type ? term('fix', verdict.fix.type) + bracketed(`${word('difficulty')}${word('colon')}${term('difficulty', verdict.fix.difficulty)}`) : ''],
      [word('rules'), list(question.rules)], [word('refs'), list(question.refs)],
    ]} />
    <Proof frames={(verdict?.facts.length ?? 0) > 0}>{verdict ? <VerdictFacts verdict={verdict} /> : null}</Proof>
  </>;
};

const ConduitPage = ({conduit}: {conduit: Conduit}) => {
  const {lookup, report} = useState_();
  const talks = report.conversations.rows.filter((row) => row.conduit === conduit.conduit);
  const wall = lookup.wall(conduit.from_zone, conduit.to_zone);
  return <>
    <p class="lead"><SeverityTag severity={conduit.severity} /></p>
    <Facts rows={[
      [word('conversations'), <ViewLink to="conversations" filters={{conduit: conduit.conduit}}>{number(conduit.conversations)}</ViewLink>],
      [word('two_way'), number(conduit.two_way)], [word('protocols'), list(conduit.protocols)],
      [word('controls'), <ViewLink to="conversations" filters={{conduit: conduit.conduit}}>{number(conduit.controls)}</ViewLink>],
      [word('packets'), number(conduit.packets)], [word('bytes'), number(conduit.bytes)],
      [word('first_seen'), <><span class="mono">{time(conduit.first_seen)}</span> <FrameLink frame={conduit.evidence} /></>],
      [word('last_seen'), <span class="mono">{time(conduit.last_seen)}</span>],
    ]} />
    {wall ? <WallPart wall={wall} /> : null}
    <FindingList rows={lookup.findingsOfConduit.get(conduit.conduit) ?? []} filters={{conduit: conduit.conduit}} />
    <Conversations rows={talks} filters={{conduit: conduit.conduit}} />
  </>;
};

const WallPart = ({wall}: {wall: Wall}) => <>
  <h3>{word('wall_between')}</h3>
  <p><Tag group="wall" code={wall.verdict} /> <span class="soft">{word('confidence')} {wall.confidence} %</span></p>
  <ul class="evidence">{wall.signs.map((sign) => <li>{text(sign.title)} ({number(sign.count)}) <FrameLink frame={sign.evidence} />
    <div class="small soft">{text(sign.detail)}</div></li>)}</ul>
  <p class="hint">{word('walls_hint')}</p>
</>;

const WallPage = ({a, b}: {a: number; b: number}) => {
  const {lookup, report} = useState_();
  const wall = lookup.wall(a, b);
  const conduits = report.network.conduits.rows.filter((row) => (row.from_zone === a && row.to_zone === b) || (row.from_zone === b && row.to_zone === a));
  return <>
    {wall ? <WallPart wall={wall} /> : <None />}
    {conduits.length > 0 ? <><h3>{word('conduits')}</h3><ul>{conduits.map((each) => <li><OpenLink what={`conduit-${each.conduit}`}>
      {word('from_to', {from: term('zone', each.from), to: term('zone', each.to)})}</OpenLink> ({number(each.conversations)}) <SeverityTag severity={each.severity} /></li>)}</ul></> : null}
  </>;
};

const ConversationPage = ({talk}: {talk: Conversation}) => {
  const {lookup} = useState_();
  const end = (asset: number | null, name: string, address: string, zone: string): ComponentChildren =>
    <><AssetLink asset={asset} name={name || address} /> <span class="mono soft">{address}</span> {zone ? `[${term('zone', zone)}]` : ''}</>;
  const operations = lookup.operationsOfConversation.get(talk.conversation) ?? [];
  return <>
    <p class="lead"><SeverityTag severity={talk.severity} /> {talk.service} <span class="mono">{talk.transport}/{talk.port}</span></p>
    <Facts rows={[
      [word('client'), end(talk.client_asset, talk.client, talk.client_address, talk.client_zone)],
      [word('server'), end(talk.server_asset, talk.server, talk.server_address, talk.server_zone)],
      [word('protocol'), talk.protocol], [word('segment'), talk.segment],
      [word('access'), list(talk.access.map((each) => term('access', each)))],
      [word('attempted'), number(talk.attempted)], [word('established'), number(talk.established)],
      [word('refused'), number(talk.refused)], [word('unanswered'), number(talk.unanswered)],
      [word('packets'), number(talk.packets)], [word('bytes'), number(talk.bytes)],
      [word('encrypted'), talk.encrypted ? yesno(true) : word('clear')],
      [word('strength'), `${talk.strength} ${term('strength', talk.strength)}`],
      [word('exceptions'), talk.excepted ? word('excepted') : ''],
      [word('first_seen'), <><span class="mono">{time(talk.first_seen)}</span> <FrameLink frame={talk.evidence} /></>],
      [word('last_seen'), <span class="mono">{time(talk.last_seen)}</span>],
    ]} />
    {talk.evidence ? <Command line={frameCommand(talk.evidence)} /> : null}
    <FindingList rows={lookup.findingsOfConversation.get(talk.conversation) ?? []} filters={talk.conduit === null ? {} : {conduit: talk.conduit}} />
    <Few rows={operations} title={word('operations')}>{() => <OperationTable rows={operations} total={operations.length} label={word('operations')} />}</Few>
    <Few rows={lookup.eventsOfConversation.get(talk.conversation) ?? []} title={word('events')}>{(few) => <Table label={word('events')} rows={few} columns={eventColumns()} />}</Few>
  </>;
};

const ZonePage = ({id}: {id: number}) => {
  const {lookup} = useState_();
  const zone = lookup.zones.get(id);
  const assets = lookup.assetsOfZone.get(id) ?? [];
  if (!zone) return <None>{word('not_listed')}</None>;
  return <>
    <Facts rows={[
      [word('kind'), term('zone_kind', zone.kind)], [word('side'), zone.side],
      [word('level'), zone.level === null ? word('unknown') : number(zone.level)],
      [word('declared'), zone.declared ? yesno(true) : word('assumed')],
      [word('confidence'), `${zone.confidence} %`], [word('reason'), text(zone.reason)],
      [word('assets'), <ViewLink to="assets" filters={{zone: zone.name}}>{number(zone.assets)}</ViewLink>],
      [word('conversations'), <ViewLink to="conversations" filters={{zone: zone.name}}>{word('show_conversations')}</ViewLink>],
    ]} />
    <Few rows={assets} title={word('zone_members')} all={<ViewLink to="assets" filters={{zone: zone.name}}>{word('show_all_of', {count: number(assets.length)})}</ViewLink>}>
      {(few) => <ul class="plain">{few.map((each) => <li><OpenLink what={`asset-${each.asset}`}>{each.name}</OpenLink> <span class="soft">{term('role', each.role)}</span> <SeverityTag severity={each.severity} /></li>)}</ul>}</Few>
  </>;
};

const CheckPage = ({id}: {id: string}) => {
  const {lookup} = useState_();
  const check = lookup.checks.get(id);
  if (!check) return <None>{word('not_listed')}</None>;
  return <>
    <p class="lead"><Tag group="result" code={check.result} /> {text(check.title)}</p>
    <Facts rows={[
      [word('severity'), <SeverityTag severity={check.severity} />], [word('result'), text(check.reason)],
      [word('why'), text(check.why)], [word('remedy'), text(check.remedy)], [word('standards'), list(check.standards)], [word('rulesets'), check.ruleset],
    ]} />
    <FindingList rows={lookup.findingsOfCheck.get(id) ?? []} filters={{check: id}} />
  </>;
};

const FramePage = ({capture, frame}: {capture: number; frame: number}) => {
  const {lookup, report} = useState_();
  const told = lookup.evidenceOf(`${capture}:${frame}`);
  const first = told[0];
  const said = new Map(told.flatMap((each) => each.decoded).map((fact) => [JSON.stringify(fact), fact]));
  return <>
    <Facts rows={[
      [word('capture'), `C${capture}`],
      [word('sha256'), <span class="mono">{report.scope.captures.find((each) => each.capture === capture)?.sha256}</span>],
      [word('frame'), number(frame)],
      [word('time'), first ? <span class="mono">{time(first.time)}</span> : ''],
      [word('conversation'), first?.conversation ? `${endText(first.conversation.client)} → ${endText(first.conversation.server)}, ${first.conversation.transport}/${first.conversation.port} ${first.conversation.protocol}` : ''],
    ]} />
    <h3>{word('frame_said')}</h3>
    {said.size === 0 ? <None>{word('frame_unsaid')}</None> : <ul class="evidence">{[...said.values()].map((fact) =>
      <li><span class="soft">{term('decoded', fact.kind)}{word('colon')}</span>{decodedText(fact.kind, fact.fields)}</li>)}</ul>}
    <h3>{word('cut_command')}</h3>
    <Command line={frameCommand({capture, frame})} />
    <p class="hint"><WithOptions>{word('cut_command_hint')}</WithOptions></p>
  </>;
};

/** The title of what is open, and its page. */
const content = (open: string, lookup: ReturnType<typeof useState_>['lookup']): [string, ComponentChildren] | null => {
  const [kind, id] = opened(open);
  const missing = <None>{word('not_listed')}</None>;
  switch (kind) {
    case 'asset': {
      const asset = lookup.assets.get(Number(id));
      return [asset?.name ?? id, asset ? <AssetPage asset={asset} /> : missing];
    }
    case 'finding': {
      const finding = lookup.findings.get(id);
      return [`${word('finding')} ${id}`, finding ? <FindingPage finding={finding} /> : missing];
    }
    case 'question': return [`${word('question')} ${id}`, <QuestionPage id={id} />];
    case 'check': return [`${word('check')} ${id}`, <CheckPage id={id} />];
    case 'conduit': {
      const conduit = lookup.conduits.get(Number(id));
      return conduit ? [word('from_to', {from: term('zone', conduit.from), to: term('zone', conduit.to)}), <ConduitPage conduit={conduit} />] : [id, missing];
    }
    case 'wall': {
      const [a, b] = id.split('-').map(Number);
      const name = (zone: number | undefined): string => term('zone', lookup.zones.get(zone ?? -1)?.name);
      return [`${name(a)} | ${name(b)}`, <WallPage a={a ?? -1} b={b ?? -1} />];
    }
    case 'conversation': {
      const talk = lookup.conversations.get(Number(id));
      return talk ? [`${talk.client || talk.client_address} → ${talk.server || talk.server_address}`, <ConversationPage talk={talk} />] : [id, missing];
    }
    case 'zone': return [term('zone', lookup.zones.get(Number(id))?.name), <ZonePage id={Number(id)} />];
    case 'frame': {
      const [capture, frame] = id.split(':').map(Number);
      return capture && frame ? [`${word('frame')} ${frameName({capture, frame})}`, <FramePage capture={capture} frame={frame} />] : null;
    }
    default: return null;
  }
};

export const Detail = () => {
  const {route, lookup, go} = useState_();
  const panel = useRef<HTMLDivElement>(null);
  const before = useRef<Element | null>(null);
  const found = content(route.open, lookup);
  useEffect(() => {
    if (!route.open) {
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus({preventScroll: true});
      before.current = null;
      return;
    }
    if (!panel.current?.contains(document.activeElement)) before.current = document.activeElement;
    panel.current?.scrollTo(0, 0);
    panel.current?.focus({preventScroll: true});
  }, [route.open]);
  const close = (): void => go({open: ''});
  useEffect(() => {
    const leave = (event: KeyboardEvent): void => { if (event.key === 'Escape' && route.open) close(); };
    addEventListener('keydown', leave);
    return () => removeEventListener('keydown', leave);
  });
  if (!found) return null;
  return <aside class="detail" ref={panel} tabIndex={-1} aria-label={found[0]}>
    <div class="detail-head"><h2>{found[0]}</h2><button type="button" class="quiet" onClick={close}><span aria-hidden="true">✕ </span>{word('close')}</button></div>
    {found[1]}
  </aside>;
};

