// The first screen, and the manager's one sheet: what was looked at, what it came to, what to do.

import {Areas} from './areas';
import {Command, FrameLink, SeverityTag, Section, Tag, shapes} from './parts';
import {severities} from './filter';
import type {Report, Score} from './report';
import {OpenLink, useState_, ViewLink} from './state';
import {counted, list, number, percent, points, term, text, time, word} from './words';

const bounds = (report: Report): [string, string] => {
  const firsts = report.scope.captures.map((each) => each.first_seen ?? '').filter(Boolean).sort();
  const lasts = report.scope.captures.map((each) => each.last_seen ?? '').filter(Boolean).sort();
  return [time(firsts[0], true), time(lasts[lasts.length - 1], true)];
};

const LookedAt = () => {
  const {report} = useState_();
  const {observation, zones} = report.scope;
  const [from, to] = bounds(report);
  const letters = [...new Set(report.scope.captures.flatMap((each) => [...each.vantage]))];
  return <div class="looked">
    <p>{word('looked_sentence', {captures: counted('n_captures', observation.captures), packets: number(observation.packets), from, to,
      vantage: list(letters.map((letter) => `${letter} ${term('vantage', letter)}`)) || word('unknown')})}</p>
    <p><ViewLink to="map">{word('looked_found', {zones: number(zones.total), declared: number(zones.declared),
      assets: counted('n_assets', report.assets.total), conversations: counted('n_talks', report.conversations.total)})}</ViewLink></p>
  </div>;
};

const ScoreTiles = ({score}: {score: Score}) => {
  const scale = Math.max(score.claimed_most, score.adjusted_most, 1);
  const width = (value: number): string => `${Math.max(0, Math.min(100, 100 * value / scale))}%`;
  return <div class="scores">
    <div class="tile two">
      <div class="pair">
        <ViewLink to="questions" kind="figure-link"><span class="name">{word('score_claimed')}</span>
          <span class="figure">{points(score.claimed)}<small> {word('of')} {points(score.claimed_most)}</small></span>
          <span class="under">{percent(score.claimed_percent)} <Tag group="rating" code={score.claimed_rating} /></span></ViewLink>
        <span class="arrow" aria-hidden="true">→</span>
        <ViewLink to="contradictions" kind="figure-link"><span class="name">{word('score_adjusted')}</span>
          <span class="figure strong">{points(score.adjusted)}<small> {word('of')} {points(score.adjusted_most)}</small></span>
          <span class="under">{percent(score.adjusted_percent)} <Tag group="rating" code={score.rating} /></span></ViewLink>
      </div>
      <div class="meter" aria-hidden="true"><i style={{width: width(score.claimed)}} /><b style={{width: width(score.adjusted)}} /></div>
    </div>
    <div class="tile"><ViewLink to="questions" filters={{verdict: 'CORROBORATED'}} kind="figure-link"><span class="name">{word('verified')}</span>
      <span class="figure">{percent(score.verified_percent)}</span>
      <span class="under soft">{word('verified_of', {verified: points(score.verified), claimed: points(score.claimed_yes)})}</span></ViewLink></div>
    {score.after !== score.claimed || score.after_most !== score.claimed_most
      ? <div class="tile"><ViewLink to="questions" kind="figure-link"><span class="name">{word('score_after')}</span>
        <span class="figure">{points(score.after)}<small> {word('of')} {points(score.after_most)}</small></span>
        <span class="under">{percent(score.after_percent)}</span></ViewLink></div> : null}
  </div>;
};

const Worst = () => {
  const {report} = useState_();
  const {worst, score} = report.summary;
  return <Section id="worst" title={word('worst')}>
    {worst.length === 0 ? <p class="none">{word(score ? 'no_contradiction' : 'answers_none')}</p> : <ol class="sentences">
      {worst.map((each) => <li>
        <div><SeverityTag severity={each.severity} /> <OpenLink what={`question-${each.question}`}>{text(each.sentence)}</OpenLink></div>
        <div class="proof"><span class="loss">−{points(each.lost)} {word('points')}</span>
          {each.evidence ? <> · {word('proof')}{word('colon')}<FrameLink frame={each.evidence} /> <span class="mono soft">{time(each.evidence.time, true)}</span></> : null}</div>
        <div class="engineer"><Command line={each.command} /></div>
      </li>)}
    </ol>}
    {report.contradictions.length > worst.length
      ? <p class="screen"><ViewLink to="contradictions">{word('all_contradictions', {count: number(report.contradictions.length)})}</ViewLink></p> : null}
  </Section>;
};

const First = () => {
  const {report} = useState_();
  const {first} = report.summary;
  return <Section id="first" title={word('first')}>
    {first.length === 0 ? <p class="none">{word('nothing_first')}</p> : <ol class="sentences steps">
      {first.map((each) => <li>
        <div>{text(each.remedy)}</div>
        <div class="proof"><SeverityTag severity={each.severity} /> <OpenLink what={`check-${each.check}`}>{each.check}</OpenLink> {text(each.title)}{' '}
          <ViewLink to="findings" filters={{check: each.check}}>({number(each.findings)})</ViewLink></div>
      </li>)}
    </ol>}
  </Section>;
};

const Numbers = () => {
  const {report} = useState_();
  const {severities: counts, checks, verdicts} = report.summary;
  const most = Math.max(1, ...severities.map((severity) => counts[severity]));
  return <Section id="numbers" title={word('counts')}>
    <h3>{word('by_severity')}</h3>
    <ul class="bars">{severities.map((severity) => <li>
      <ViewLink to="findings" filters={{severity}} kind={`b-${severity}`}>
        <span class="name"><span aria-hidden="true">{shapes[severity]}</span> {term('severity', severity)}</span>
        <span class="track" aria-hidden="true"><i class={`fill ${severity}`} style={{width: `${100 * counts[severity] / most}%`}} /></span>
        <span class="n">{number(counts[severity])}</span></ViewLink></li>)}</ul>
    <h3>{word('by_result')}</h3>
    <p class="counts">{Object.entries(checks).map(([result, count]) =>
      <ViewLink to="checks" filters={{result}}><Tag group="result" code={result} /> <b>{number(count)}</b></ViewLink>)}</p>
    <h3>{word('by_verdict')}</h3>
    <p class="counts">{Object.entries(verdicts).filter(([, count]) => count > 0).map(([verdict, count]) =>
      <ViewLink to="questions" filters={{verdict}}><Tag group="verdict" code={verdict} /> <b>{number(count)}</b></ViewLink>)}</p>
  </Section>;
};

const Blind = ({most}: {most: number}) => {
  const {report} = useState_();
  const {blind} = report.coverage;
  if (blind.length === 0) return null;
  return <Section id="blind" title={word('blind_top')} hint={word('checks_hint')}>
    <ul>{blind.slice(0, most).map((each) => <li>{text(each.text)}</li>)}</ul>
    {blind.length > most ? <p class="screen"><ViewLink to="coverage">{word('more_blind', {count: number(blind.length)})}</ViewLink></p> : null}
  </Section>;
};

export const Overview = () => {
  const {report, route} = useState_();
  const {score, notices} = report.summary;
  return <div class={`overview ${route.reader}`}>
    <Section id="looked" title={word('looked_at')}><LookedAt /></Section>
    {score ? <ScoreTiles score={score} /> : null}
    <div class="notices">{notices.map((notice) => <p class="notice">{text(notice)}</p>)}</div>
    <div class="columns">
      <div><Worst /></div>
      <div><First /><Numbers /></div>
    </div>
    {report.summary.areas.length > 0 ? <Section id="areas" title={word('areas')}><Areas /></Section> : null}
    <Blind most={route.reader === 'manager' ? 3 : 5} />
  </div>;
};
