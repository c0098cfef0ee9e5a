// What was judged: contradictions, gaps, findings, questions, checks.

import {useMemo} from 'preact/hooks';
import {FilterBar, severityChoice, useFilters} from './filters';
import {findingPasses, matches, occurring, severities} from './filter';
import {CheckLink, FrameLink, None, Section, SeverityTag, Tag} from './parts';
import type {Check, Finding, Question, Severity, Verdict} from './report';
import {useState_, ViewLink} from './state';
import {Shown, Table, type Column} from './table';
import {list, number, points, term, text, time, word} from './words';

const grave = (severity: Severity): number => severities.indexOf(severity);

const verdictColumns = (): Column<Verdict>[] => [
  {key: 'question', label: word('question'), width: '74px', value: (row) => row.question, cell: (row) => <b class="id">{row.question}</b>},
  {key: 'severity', label: word('severity'), width: '104px', value: (row) => grave(row.severity), cell: (row) => <SeverityTag severity={row.severity} />},
  {key: 'text', label: word('claimed'), width: 'minmax(200px, 2fr)', cell: (row) => <>{text(row.text)}
    <div class="small"><b>{row.suggested ? '' : term('answer', row.claimed)}{row.suggested || row.adjusted === row.claimed ? '' : ` → ${term('answer', row.adjusted)}`}
      {row.suggested ? `${word('suggested')}${word('colon')}${term('answer', row.suggested)}` : ''}</b></div></>},
  {key: 'fact', label: word('evidence'), width: 'minmax(220px, 2.4fr)', cell: (row) => {
    const fact = row.facts.find((each) => each.kind === 'against') ?? row.facts.find((each) => each.kind === 'for') ?? row.facts[0];
    return fact ? <>{text(fact.text)} {fact.evidence[0] ? <FrameLink frame={fact.evidence[0]} /> : null}</> : text(row.note);
  }},
  {key: 'verdict', label: word('verdict'), width: '150px', value: (row) => row.verdict, cell: (row) => <Tag group="verdict" code={row.verdict} />},
  {key: 'lost', label: word('lost'), numeric: true, width: '72px', value: (row) => row.lost, cell: (row) => (row.lost > 0 ? `−${points(row.lost)}` : '')},
];

/** `judged`: they cost something, so they have a severity. */
const VerdictTable = ({rows, label, judged = true}: {rows: Verdict[]; label: string; judged?: boolean}) => {
  const {route} = useState_();
  const columns = verdictColumns().filter((column) => judged || (column.key !== 'severity' && column.key !== 'lost'));
  return <Table label={label} rows={rows} columns={columns} id={(row) => row.question} chosen={route.open} opens={(row) => `question-${row.question}`} />;
};

export const Contradictions = () => {
  const {report} = useState_();
  return <Section id="contradictions" title={word('contradictions')} hint={word('contradictions_hint')}>
    {report.contradictions.length === 0 ? <None>{word(report.summary.score ? 'no_contradiction' : 'answers_none')}</None>
      : <VerdictTable rows={report.contradictions} label={word('contradictions')} />}
  </Section>;
};

export const Gaps = () => {
  const {report} = useState_();
  return <Section id="gaps" title={word('gaps')}>
    {(['confirmed', 'disputed', 'understated', 'suggested', 'supported'] as const).map((kind) => <>
      <h3>{word(`gaps_${kind}`)} <span class="soft">({number(report.gaps[kind].length)})</span></h3>
      {report.gaps[kind].length === 0 ? <None /> : <VerdictTable rows={report.gaps[kind]} label={word(`gaps_${kind}`)} judged={kind !== 'supported'} />}
    </>)}
  </Section>;
};

const findingColumns = (): Column<Finding>[] => [
  {key: 'id', label: word('finding'), width: '112px', value: (row) => row.id, cell: (row) => <b class="id">{row.id}</b>},
  {key: 'severity', label: word('severity'), width: '104px', value: (row) => grave(row.severity), cell: (row) => <SeverityTag severity={row.severity} />},
  {key: 'text', label: word('subject'), width: 'minmax(240px, 3fr)', value: (row) => row.subject,
    cell: (row) => <>{text(row.text)}{row.title ? <div class="small soft">{text(row.title)}</div> : null}</>},
  {key: 'zones', label: word('zone'), width: 'minmax(120px, 1.2fr)', value: (row) => row.client?.zone ?? row.asset?.zone ?? '',
    cell: (row) => (row.client || row.server
      ? word('from_to', {from: term('zone', row.client?.zone) || '–', to: term('zone', row.server?.zone) || '–'})
      : term('zone', row.asset?.zone))},
  {key: 'first', label: word('first_seen'), width: '150px', value: (row) => row.first_seen, cell: (row) => <span class="mono">{time(row.first_seen, true)}</span>},
  {key: 'proof', label: word('proof'), width: '110px', cell: (row) => (row.evidence[0] ? <><FrameLink frame={row.evidence[0]} />
    {row.evidence.length > 1 ? <span class="soft small"> +{row.evidence.length - 1}</span> : null}</> : '')},
];

export const FindingTable = ({rows, label, total}: {rows: Finding[]; label: string; total?: number}) => {
  const {route} = useState_();
  return <Table label={label} rows={rows} columns={findingColumns()} id={(row) => row.id} chosen={route.open} opens={(row) => `finding-${row.id}`}
    {...(total === undefined ? {} : {total})} />;
};

export const Findings = () => {
  const {report, lookup} = useState_();
  const filters = useFilters();
  const rows = useMemo(() => report.findings.filter((row) => findingPasses(row, filters, [text(row.text), text(row.title)])), [filters, report]);
  const checks = [...new Set(report.findings.map((row) => row.check))].sort();
  // Of a check the report lists so many, and says how many there are.
  const total = report.checks.reduce((sum, check) => sum + check.findings, 0);
  return <Section id="findings" title={word('findings')} hint={word('findings_hint')}>
    <FilterBar time choices={[severityChoice(true), {key: 'check', label: word('check'),
      values: checks.map((id) => [id, `${id} ${text(lookup.checks.get(id)?.title)}`])}]} />
    <p><Shown shown={rows.length} total={total} /></p>
    <FindingTable rows={rows} label={word('findings')} total={total} />
  </Section>;
};

const questionColumns = (): Column<Question>[] => [
  {key: 'id', label: word('question'), width: '74px', value: (row) => row.id, cell: (row) => <b class="id">{row.id}</b>},
  {key: 'text', label: word('question_text'), width: 'minmax(240px, 3fr)', cell: (row) => <>{text(row.text)}
    {row.memo ? <div class="small soft">{word('memo')}{word('colon')}{row.memo}</div> : null}</>},
  {key: 'weight', label: word('weight'), numeric: true, width: '68px', value: (row) => row.weight, cell: (row) => number(row.weight)},
  {key: 'claimed', label: word('claimed'), width: '96px', value: (row) => row.claimed, cell: (row) => <>{row.claimed ? term('answer', row.claimed) : '–'}
    {row.automatic ? <div class="small soft">{word('automatic')}</div> : null}{row.alternate ? <div class="small soft">{word('alternate')}</div> : null}</>},
  {key: 'adjusted', label: word('adjusted'), width: '96px', value: (row) => row.adjusted,
    cell: (row) => (row.adjusted ? term('answer', row.adjusted) : row.suggested ? `(${term('answer', row.suggested)})` : '–')},
  {key: 'verdict', label: word('verdict'), width: '160px', value: (row) => row.verdict, cell: (row) => <><Tag group="verdict" code={row.verdict} />
    {row.flag ? <div class="small">⚑ {word('flag')}</div> : null}</>},
  {key: 'evidence', label: word('evidence'), width: 'minmax(120px, 1fr)', value: (row) => row.evidence,
    cell: (row) => <>{term('evidence', row.evidence || 'none')}{row.facts > 0 ? <span class="soft"> ({number(row.facts)})</span> : null}</>},
];

export const Questions = () => {
  const {report, route} = useState_();
  const filters = useFilters();
  const rows = useMemo(() => report.questions.filter((row) =>
    (!filters.area || row.area === filters.area) && (!filters.verdict || row.verdict === filters.verdict) &&
    matches(filters.q, [row.id, text(row.text), text(row.criterion), row.memo, list(row.refs)])), [filters, report]);
  const verdicts = occurring(report.questions.map((row) => row.verdict));
  return <Section id="questions" title={word('questions')}>
    <FilterBar choices={[
      {key: 'area', label: word('area'), values: areasOf(report.questions).map((id) => [id, areaName(id, report.summary.areas)])},
      {key: 'verdict', label: word('verdict'), values: verdicts.map((code) => [code, term('verdict', code)])}]} />
    <p><Shown shown={rows.length} total={report.questions.length} /></p>
    <Table label={word('questions')} rows={rows} columns={questionColumns()} id={(row) => row.id} chosen={route.open}
      opens={(row) => `question-${row.id}`} total={report.questions.length} />
  </Section>;
};
const areasOf = (rows: Question[]): string[] => [...new Set(rows.map((row) => row.area))];
const areaName = (id: string, areas: {id: string; title: {en?: string; ja?: string}}[]): string =>
  `${id} ${text(areas.find((area) => area.id === id)?.title)}`.trim();

const checkColumns = (): Column<Check>[] => [
  {key: 'id', label: word('check'), width: '86px', value: (row) => row.id, cell: (row) => <CheckLink id={row.id} />},
  {key: 'result', label: word('result'), width: '110px', value: (row) => row.result, cell: (row) => <Tag group="result" code={row.result} />},
  {key: 'severity', label: word('severity'), width: '104px', value: (row) => grave(row.severity), cell: (row) => <SeverityTag severity={row.severity} />},
  {key: 'title', label: word('name'), width: 'minmax(220px, 2.4fr)', value: (row) => text(row.title), cell: (row) => text(row.title)},
  {key: 'findings', label: word('count'), numeric: true, width: '76px', value: (row) => row.findings, cell: (row) => (row.findings === 0 ? ''
    : <ViewLink to="findings" filters={{check: row.id}}>{number(row.findings)}</ViewLink>)},
  {key: 'reason', label: word('reason'), width: 'minmax(200px, 2fr)', cell: (row) => text(row.reason)},
];

export const Checks = () => {
  const {report, route} = useState_();
  const filters = useFilters();
  const rows = useMemo(() => report.checks.filter((row) => (!filters.result || row.result === filters.result) &&
    (!filters.severity || row.severity === filters.severity) &&
    matches(filters.q, [row.id, text(row.title), text(row.why), list(row.standards)])), [filters, report]);
  return <Section id="checks" title={word('checks')} hint={word('checks_hint')}>
    <FilterBar choices={[{key: 'result', label: word('result'), values: ['violated', 'met', 'unseen'].map((code) => [code, term('result', code)])}, severityChoice(true)]} />
    <p><Shown shown={rows.length} total={report.checks.length} /></p>
    <Table label={word('checks')} rows={rows} columns={checkColumns()} id={(row) => row.id} chosen={route.open}
      opens={(row) => `check-${row.id}`} total={report.checks.length} />
  </Section>;
};
