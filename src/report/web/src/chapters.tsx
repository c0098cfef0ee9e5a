// Scope, coverage, annex, glossary: what the report rests on.

import licences from 'licences';
import {FilterBar, useFilters} from './filters';
import {matches} from './filter';
import glossary from './glossary.json';
import {CheckLink, Facts, FrameLink, None, QuestionLink, Section, Tag} from './parts';
import {useState_} from './state';
import {Table} from './table';
import {bracketed, list, number, share, term, text, time, word, yesno} from './words';

const counters = ['undecoded', 'stopped', 'duplicates', 'fragments_lost', 'stream_gaps', 'gap_bytes', 'one_way',
  'two_way', 'kernel_drops', 'resumed', 'cut_requests', 'cut_flows', 'orphan_replies', 'overlap_conflicts'] as const;

export const Scope = () => {
  const {report} = useState_();
  const {cover, captures, observation, inputs, exceptions, zones, questionnaire} = report.scope;
  return <>
    {cover.length > 0 ? <Facts rows={cover.map((field) => [text(field.title), field.called ? text(field.called) : field.value])} /> : null}
    <Facts rows={[
      [word('packets'), number(observation.packets)],
      [word('span_days'), number(observation.span_days)],
      [word('seen_days'), number(observation.seen_days)],
      [word('both_directions'), share(observation.both_directions)],
      [word('loss'), share(observation.loss)],
      [word('zones_declared'), `${word('declared')} ${zones.declared} / ${zones.total}${zones.declared === 0 ? bracketed(word('assumed')) : ''}`],
      [word('questionnaire'), `${text(questionnaire.title)}${bracketed(`${word('revision')} ${questionnaire.revision}`)}`],
      ['', <span class="soft small">{text(questionnaire.source)}</span>],
    ]} />
    <h3>{word('captures')}</h3>
    <Table label={word('captures')} rows={captures} id={(row) => String(row.capture)} columns={[
      {key: 'capture', label: word('capture'), width: '92px', cell: (row) => `C${row.capture}`},
      {key: 'sha256', label: word('sha256'), width: 'minmax(200px, 2fr)', cell: (row) => <span class="mono hash">{row.sha256}</span>},
      {key: 'format', label: word('format'), cell: (row) => `${row.format} ${row.link_type}`},
      {key: 'packets', label: word('packets'), numeric: true, cell: (row) => number(row.packets)},
      {key: 'first', label: word('first_seen'), width: '150px', cell: (row) => <span class="mono">{time(row.first_seen, true)}</span>},
      {key: 'last', label: word('last_seen'), width: '150px', cell: (row) => <span class="mono">{time(row.last_seen, true)}</span>},
      {key: 'vantage', label: word('vantage'), cell: (row) => list([...row.vantage].map((letter) => `${letter} ${term('vantage', letter)}`)) || word('unknown')},
      ...(captures.some((row) => row.damage) ? [{key: 'damage', label: word('damage'), cell: (row: (typeof captures)[number]) => row.damage}] : []),
    ]} />
    <h3>{word('inputs')}</h3>
    <Table label={word('inputs')} rows={inputs} columns={[
      {key: 'title', label: word('input'), cell: (row) => text(row.title)},
      {key: 'sha256', label: word('sha256'), width: 'minmax(200px, 3fr)', cell: (row) => <span class="mono hash">{row.sha256}</span>},
    ]} />
    {exceptions.length > 0 ? <><h3>{word('exceptions')}</h3><Table label={word('exceptions')} rows={exceptions} columns={[
      {key: 'client', label: word('client'), cell: (row) => row.client || '*'},
      {key: 'server', label: word('server'), cell: (row) => row.server || '*'},
      {key: 'port', label: word('port'), cell: (row) => `${row.transport || '*'}/${row.port || '*'}`},
      {key: 'note', label: word('note'), width: 'minmax(160px, 2fr)', cell: (row) => row.note},
    ]} /></> : null}
  </>;
};

export const CoverageChapter = () => {
  const {report} = useState_();
  const {blind, captures, stops, caps} = report.coverage;
  return <>
    <Section id="scope" title={word('scope')}><Scope /></Section>
    <Section id="coverage" title={word('coverage')}>
      <h3>{word('blind')}</h3>
      {blind.length === 0 ? <None /> : <ul>{blind.map((each) => <li>{text(each.text)}</li>)}</ul>}
      <h3>{word('counters')}</h3>
      <div class="scroll" tabIndex={0} role="group" aria-label={word('counters')}><table class="simple">
        <thead><tr><th scope="col">{word('capture')}</th>{captures.map((each) => <th scope="col" class="numeric">C{each.capture}</th>)}</tr></thead>
        <tbody>{counters.map((key) => <tr><th scope="row">{word(key === 'two_way' ? 'two_way_flows' : key)}</th>
          {captures.map((each) => <td class="numeric">{number(each[key])}</td>)}</tr>)}</tbody></table></div>
      <h3>{word('stops')}</h3>
      <Table label={word('stops')} rows={stops} columns={[
        {key: 'capture', label: word('capture'), width: '92px', cell: (row) => `C${row.capture}`},
        {key: 'layer', label: word('layer'), cell: (row) => text(row.layer_title)},
        {key: 'reason', label: word('reason'), cell: (row) => text(row.reason_title)},
        {key: 'limit', label: word('limited_by'), cell: (row) => text(row.limited_by_title)},
        {key: 'packets', label: word('packets'), numeric: true, cell: (row) => number(row.packets)},
        {key: 'frame', label: word('frame'), width: '110px', cell: (row) => (row.frame === null ? '' : <FrameLink frame={{capture: row.capture, frame: row.frame}} />)},
      ]} />
      <h3>{word('caps')}</h3>
      <Table label={word('caps')} rows={caps} columns={[
        {key: 'name', label: word('name'), cell: (row) => text(row.name_title)},
        {key: 'bound', label: word('bound'), numeric: true, cell: (row) => number(row.bound)},
        {key: 'reached', label: word('reached'), numeric: true, cell: (row) => number(row.reached)},
      ]} />
    </Section>
  </>;
};

const Adjustment = () => {
  const cells = useState_().report.annex.adjustment;
  const kinds = [...new Set(cells.map((cell) => cell.evidence))];
  const claims = [...new Set(cells.map((cell) => cell.claimed))];
  return <div class="scroll" tabIndex={0} role="group" aria-label={word('adjustment')}><table class="simple">
    <thead><tr><th scope="col">{word('claimed')}</th>{kinds.map((kind) => <th scope="col">{term('evidence', kind)}</th>)}</tr></thead>
    <tbody>{claims.map((claimed) => <tr><th scope="row">{term('answer', claimed)}</th>{kinds.map((kind) => {
      const cell = cells.find((each) => each.claimed === claimed && each.evidence === kind);
      return <td>{cell?.suggested ? `(${term('answer', cell.suggested)})` : term('answer', cell?.adjusted)}
        {cell?.verdict ? <div class="small"><Tag group="verdict" code={cell.verdict} /></div> : null}</td>;
    })}</tr>)}</tbody></table></div>;
};

const Ids = ({ids, what}: {ids: string[]; what: 'check' | 'question'}) => <>{ids.map((id, at) => <>{at > 0 ? ' ' : ''}
  {what === 'check' ? <CheckLink id={id} /> : <QuestionLink id={id} />}</>)}</>;

export const Annex = () => {
  const {report} = useState_();
  const {thresholds, rules, rulesets, references, oui, notes, policy} = report.annex;
  return <Section id="annex" title={word('annex')}>
    <h3>{word('thresholds')}</h3>
    <p class="soft">{text(policy.title)}{bracketed(`${word('revision')} ${policy.revision}`)}</p>
    <Facts rows={[
      [word('min_days'), number(thresholds.min_days)],
      [word('weekend'), yesno(thresholds.weekend)],
      [word('min_both_directions'), share(thresholds.min_both_directions)],
      [word('max_loss'), share(thresholds.max_loss)],
      [word('contradiction_needs'), thresholds.contradiction.map((each) =>
        <div>{word('contradiction_need', {flows: each.flows, strength: each.strength})}{bracketed(term('strength', each.strength))}</div>)],
      [word('rating_from'), thresholds.rating.map((each) => `${text(each.title)} ${each.at_least} %`).join(' / ')],
    ]} />
    <h3>{word('adjustment')}</h3>
    <Adjustment />
    <h3>{word('rules')} <span class="soft">({number(rules.length)})</span></h3>
    <Table label={word('rules')} height="50vh" rows={rules} id={(row) => row.id} columns={[
      {key: 'id', label: word('rule'), value: (row) => row.id, cell: (row) => row.id},
      {key: 'question', label: word('question'), value: (row) => row.question, cell: (row) => <QuestionLink id={row.question} />},
      {key: 'kind', label: word('kind'), value: (row) => row.kind, cell: (row) => term('fact', row.kind)},
      {key: 'vantage', label: word('vantage'), cell: (row) => list(row.vantage.map((each) => (each === 'any' ? word('any_vantage') : each)))},
      {key: 'strength', label: word('least_strength'), cell: (row) => row.min_strength},
      {key: 'coverage', label: word('needs_coverage'), cell: (row) => yesno(row.needs_coverage)},
      {key: 'refs', label: word('refs'), width: 'minmax(140px, 2fr)', cell: (row) => list(row.refs)},
    ]} />
    <h3>{word('rulesets')}</h3>
    <Table label={word('rulesets')} rows={rulesets} id={(row) => row.name} columns={[
      {key: 'name', label: word('name'), cell: (row) => row.name},
      {key: 'title', label: word('subject'), width: 'minmax(160px, 3fr)', cell: (row) => text(row.title)},
      {key: 'revision', label: word('revision'), numeric: true, cell: (row) => number(row.revision)},
      {key: 'checks', label: word('checks'), numeric: true, cell: (row) => number(row.checks)},
    ]} />
    <h3>{word('references')} <span class="soft">({number(references.length)})</span></h3>
    <Table label={word('references')} height="50vh" rows={references} id={(row) => row.reference} columns={[
      {key: 'reference', label: word('standard'), width: 'minmax(150px, 1.4fr)', value: (row) => row.reference, cell: (row) => row.reference},
      {key: 'checks', label: word('checks'), width: 'minmax(150px, 2fr)', cell: (row) => (row.checks.length === 0 ? '' : <Ids ids={row.checks} what="check" />)},
      {key: 'questions', label: word('questions_of'), width: 'minmax(120px, 2fr)', cell: (row) => (row.questions.length === 0 ? '' : <Ids ids={row.questions} what="question" />)},
    ]} />
    <h3>{word('licences')}</h3>
    {notes.map((note) => <p>{text(note)}</p>)}
    <p>{text(oui.text)}</p>
    {report.annex.licences.map((each) => <><h4>{each.name}</h4>{each.text.map((line) => <p class="small">{line}</p>)}</>)}
    <h4>{word('libraries')}</h4>
    {licences.map((each) => <details class="licence"><summary>{each.name} ({each.licence})</summary><pre>{each.text}</pre></details>)}
  </Section>;
};

export const Glossary = () => {
  const filters = useFilters();
  const {route} = useState_();
  const query = route.view === 'glossary' ? filters.q : undefined;
  const rows = glossary.filter((each) => matches(query, [text(each.term), text(each.text)]));
  return <Section id="glossary" title={word('glossary')} hint={word('glossary_hint')}>
    {route.view === 'glossary' ? <FilterBar choices={[]} /> : null}
    {rows.length === 0 ? <None>{word('nothing_matches')}</None>
      : <dl class="glossary">{rows.map((each) => <div><dt>{text(each.term)}</dt><dd>{text(each.text)}</dd></div>)}</dl>}
  </Section>;
};

