// The report page: draws the report that stands in this file. Whatever came from the wire becomes text and
// nothing else: no part of the page makes markup out of a string.

import './style.css';
import {render} from 'preact';
import {Annex, CoverageChapter, Glossary} from './chapters';
import {Detail} from './detail';
import {Checks, Contradictions, Findings, Gaps, Questions} from './judged';
import {NetworkMap} from './map';
import {Matrix} from './matrix';
import {Assets, Conversations, Operations, Services} from './observed';
import {Overview} from './overview';
import type {Lang, Report} from './report';
import {formatRoute, parseRoute, type Reader, type Route, type Theme, type View} from './route';
import {Context, href, type State} from './state';
import {seenOf} from './systems';
import {TimelineView} from './when';
import {list, number, speak, term, text, useReport, word} from './words';

const whole = JSON.parse(document.getElementById('report')?.textContent ?? '') as Report;
const root = document.getElementById('page') as HTMLElement;

const drawings: Record<View, () => preact.JSX.Element> = {
  overview: Overview, contradictions: Contradictions, gaps: Gaps, findings: Findings, questions: Questions, map: NetworkMap,
  matrix: Matrix, assets: Assets, services: Services, conversations: Conversations, operations: Operations, timeline: TimelineView,
  coverage: CoverageChapter, checks: Checks, annex: Annex, glossary: Glossary,
};

const groups: [Parameters<typeof word>[0], View[]][] = [
  ['results', ['overview', 'contradictions', 'gaps', 'findings', 'questions', 'checks']],
  ['plant', ['map', 'matrix', 'assets', 'services', 'conversations', 'operations', 'timeline']],
  ['basis', ['coverage', 'annex', 'glossary']],
];
const managers: View[] = ['overview', 'contradictions', 'map', 'coverage', 'glossary'];
/** On paper, in this order. */
const paperOrder: View[] = ['overview', 'contradictions', 'gaps', 'findings', 'map', 'matrix', 'timeline', 'operations', 'assets',
  'services', 'conversations', 'questions', 'checks', 'coverage', 'annex', 'glossary'];

const sizesOf = (report: Report): Partial<Record<View, number>> => ({
  contradictions: report.contradictions.length, findings: report.findings.length, questions: report.questions.length,
  checks: report.checks.length, assets: report.assets.total, services: report.services.total,
  conversations: report.conversations.total, operations: report.operations.total,
});

const viewName = (view: View): string => (view === 'conversations' ? word('talks') : word(view));

const Nav = ({state}: {state: State}) => {
  const sizes = sizesOf(state.report);
  const link = (view: View) => <li><a href={href(state, view)} aria-current={state.route.view === view ? 'page' : undefined}>
    <span>{viewName(view)}</span>{sizes[view] === undefined ? null : <span class="count">{number(sizes[view])}</span>}</a></li>;
  return <nav aria-label={word('contents')} class="screen">
    {state.route.reader === 'manager' ? <ul>{managers.map(link)}</ul>
      : groups.map(([name, views]) => <div class="group"><h2 class="group-name">{word(name)}</h2><ul>{views.map(link)}</ul></div>)}
  </nav>;
};

const cover = (report: Report, id: string): string => report.scope.cover.find((field) => field.id === id)?.value ?? '';

const Switch = <T extends string>({label, values, value, choose}: {label: string; values: [T, string][]; value: T; choose: (value: T) => void}) =>
  <div class="switch" role="group" aria-label={label}>{values.map(([code, name]) =>
    <button type="button" lang={code === 'en' || code === 'ja' ? code : undefined} aria-pressed={code === value} onClick={() => choose(code)}>{name}</button>)}</div>;

const Header = ({state}: {state: State}) => {
  const {report, route, go} = state;
  const systems = report.systems ?? [];
  const lang = document.documentElement.lang as Lang;
  return <header class="top">
    <div class="names"><h1>{word('title')}</h1><p>{list([cover(report, 'organisation'), systems.length > 0 ? text(systems.find((each) => each.system === route.system)?.name ?? systems[0]?.name) : cover(report, 'system')]) || word('subtitle')}</p></div>
    <div class="tools screen">
      {systems.length > 1 ? <label class="system"><span class="hidden">{word('system')}</span><select value={String(route.system)}
        onChange={(event) => go({system: Number(event.currentTarget.value), open: '', filters: {}})}>
        {systems.map((each) => <option value={String(each.system)}>{text(each.name)} · {term('system_kind', each.kind)}</option>)}
      </select></label> : null}
      <Switch<Reader> label={word('reader')} values={[['manager', word('manager')], ['engineer', word('engineer')]]} value={route.reader}
        choose={(reader) => go({reader, open: '', filters: {}, view: reader === 'manager' && !managers.includes(route.view) ? 'overview' : route.view})} />
      {report.languages.length > 1 ? <Switch<Lang> label={word('language')} values={[['en', 'English'], ['ja', '日本語']]} value={lang} choose={(code) => go({lang: code})} /> : null}
      <label class="theme"><span class="hidden">{word('theme')}</span><select value={route.theme} onChange={(event) => go({theme: event.currentTarget.value as Theme})}>
        <option value="">{word('theme')}{word('colon')}{word('theme_auto')}</option><option value="light">{word('theme_light')}</option><option value="dark">{word('theme_dark')}</option>
      </select></label>
      <button type="button" onClick={() => print()}>{word('print')}</button>
    </div>
  </header>;
};

const Footer = () => <footer>{word('made_by', {version: whole.tool.version})} · {word('schema')} {whole.tool.model_schema}</footer>;

const Page = ({state}: {state: State}) => {
  const {route} = state;
  const View = drawings[route.view];
  if (state.paper)
    return <><Header state={state} /><main>{(route.reader === 'manager' ? ['overview' as const] : paperOrder).map((view) => {
      const Drawing = drawings[view];
      return <div class={`sheet sheet-${view}`}><Drawing /></div>;
    })}</main><Footer /></>;
  return <>
    <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>{word('skip')}</a>
    <Header state={state} />
    <div class={`body${route.open ? ' with-detail' : ''}`}>
      <Nav state={state} />
      <main id="main" tabIndex={-1}><View key={`${route.view} ${route.system}`} /><Footer /></main>
      <Detail />
    </div>
  </>;
};

let paper = false;
const night = matchMedia('(prefers-color-scheme: dark)');

const languageOf = (route: Route): Lang => {
  const asked = [route.lang, (navigator.language || '').slice(0, 2)];
  return whole.languages.find((each) => each === asked[0]) ?? whole.languages.find((each) => each === asked[1]) ?? whole.languages[0] ?? 'en';
};

const draw = (): void => {
  const route = parseRoute(location.hash);
  const lang = languageOf(route);
  if (!whole.systems?.some((each) => each.system === route.system)) route.system = 1;
  const {report, lookup} = seenOf(whole, route.system);
  useReport(report);
  speak(lang);
  const dark = route.theme ? route.theme === 'dark' : night.matches;
  const element = document.documentElement;
  element.lang = lang;
  element.classList.toggle('on-paper', paper);
  element.dataset.theme = dark && !paper ? 'dark' : 'light';
  document.title = `${list([cover(report, 'system'), word('title')])} · sekimori`;
  const go = (change: Partial<Route>): void => {
    const next = formatRoute({...route, ...change});
    // What is typed into a filter makes no steps for the back button.
    if (change.filters && change.view === undefined) history.replaceState(null, '', next);
    else location.hash = next;
    draw();
  };
  const state: State = {report, lookup, route: paper ? {...route, filters: {}, open: ''} : route, dark, paper, go};
  render(<Context.Provider value={state}><Page state={state} /></Context.Provider>, root);
};

let lastView = '';
addEventListener('hashchange', () => {
  draw();
  const {view} = parseRoute(location.hash);
  if (view !== lastView) {
    // On a phone the sections are a strip; the one in sight should be in it.
    document.querySelector('nav a[aria-current]')?.scrollIntoView({block: 'nearest', inline: 'center'});
    scrollTo(0, 0);
  }
  lastView = view;
});
night.addEventListener('change', draw);
/** Height of an A4 page less its margins, in CSS pixels, and a little less. */
const kSheet = (273 / 25.4) * 96 - 12;
addEventListener('beforeprint', () => {
  paper = true;
  draw();
  // The manager's sheet is one, however long its sentences are: what does not fit is made smaller.
  const {style} = document.body;
  if (parseRoute(location.hash).reader !== 'manager') return;
  for (let zoom = 1; zoom > 0.5; zoom -= 0.02) {
    style.width = `${186 / zoom}mm`;
    if (document.body.scrollHeight * zoom > kSheet) continue;
    style.zoom = String(zoom);
    break;
  }
});
addEventListener('afterprint', () => {
  paper = false;
  document.body.style.zoom = document.body.style.width = '';
  draw();
});
lastView = parseRoute(location.hash).view;
draw();
