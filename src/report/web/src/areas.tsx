// The areas of the questionnaire: as claimed, after the evidence, after improvement, and last time where an
// earlier report is at hand.

import {useState} from 'preact/hooks';
import {Chart} from './charts';
import {given, readEarlier, type Earlier} from './earlier';
import {palette} from './palette';
import {Tag} from './parts';
import type {Area} from './report';
import {useState_, ViewLink} from './state';
import {Table} from './table';
import {percent, points, text, word} from './words';

const shortened = (name: string, most: number): string => (name.length > most ? `${name.slice(0, most - 1)}…` : name);

const AreaChart = ({areas, earlier, kind}: {areas: Area[]; earlier: Earlier | null; kind: 'bars' | 'radar'}) => {
  const {dark, paper, go, route} = useState_();
  const colours = palette(dark && !paper);
  const narrow = !paper && innerWidth < 700;
  const sheet = paper && route.reader === 'manager';  // all of it on one page
  const series = [
    {name: word('claimed'), colour: colours.claimed, line: 'dashed', symbol: 'circle', value: (area: Area) => area.claimed_percent},
    {name: word('adjusted'), colour: colours.adjusted, line: 'solid', symbol: 'rect', value: (area: Area) => area.percent},
    {name: word('improved'), colour: colours.after, line: 'dotted', symbol: 'triangle', value: (area: Area) => area.after_percent},
    ...(earlier ? [{name: word('last_time'), colour: colours.before, line: 'dashed', symbol: 'diamond',
      value: (area: Area) => earlier.percents.get(area.id) ?? null}] : []),
  ];
  const legend = {top: 0, left: narrow ? 0 : 'center', itemWidth: 14, itemHeight: 10, itemGap: narrow ? 8 : 14, textStyle: {color: colours.ink, fontSize: narrow ? 11 : 12.5}};
  const name = (area: Area, most: number): string => `${area.id} ${shortened(text(area.title), most)}`;
  const label = word('areas_chart');
  if (kind === 'radar')
    return <Chart label={label} height={narrow ? 400 : 520} option={{
      legend,
      radar: {center: ['50%', '54%'], radius: narrow ? '58%' : '66%', indicator: areas.map((area) => ({name: narrow ? area.id : name(area, 22), max: 100})),
        axisName: {color: colours.ink, fontSize: 12}, splitLine: {lineStyle: {color: colours.line}}, splitArea: {show: false},
        axisLine: {lineStyle: {color: colours.line}}},
      series: [{type: 'radar', data: series.map((each) => ({name: each.name, value: areas.map((area) => each.value(area) ?? 0),
        symbol: each.symbol, symbolSize: 6, itemStyle: {color: each.colour}, lineStyle: {color: each.colour, width: 2, type: each.line}}))}],
    }} />;
  const each = sheet ? 18 : paper ? 26 : earlier ? 44 : 34;
  return <Chart label={label} height={areas.length * each + (sheet ? 46 : 70)}
    onChoose={(_, index) => go({...route, view: 'questions', open: '', filters: {area: areas[areas.length - 1 - index]?.id ?? ''}})}
    option={{
      legend: {...legend, data: series.map((one) => one.name)},
      grid: {left: 4, right: 40, top: sheet ? 20 : 34, bottom: 4, containLabel: true},
      xAxis: {type: 'value', max: 100, interval: narrow ? 50 : 20, axisLabel: {color: colours.soft, formatter: '{value} %'}, splitLine: {lineStyle: {color: colours.line}}},
      yAxis: {type: 'category', data: areas.map((area) => name(area, narrow ? 14 : 34)).reverse(),
        axisLabel: {color: colours.ink, fontSize: sheet ? 10 : narrow ? 11 : 12.5}, axisTick: {show: false}, axisLine: {lineStyle: {color: colours.line}}},
      series: series.map((one) => ({type: 'bar', name: one.name, barGap: '12%', barCategoryGap: '24%',
        itemStyle: {color: one.colour, borderRadius: [0, 2, 2, 0]}, cursor: 'pointer',
        label: one.name === word('adjusted') ? {show: true, position: 'right', color: colours.ink, fontSize: sheet ? 9 : 11, formatter: '{c}'} : {show: false},
        data: areas.map(one.value).reverse()})),
    }} />;
};

export const AreaTable = ({areas, earlier}: {areas: Area[]; earlier: Earlier | null}) => <Table label={word('areas')} rows={areas} id={(row) => row.id} columns={[
  {key: 'area', label: word('area'), width: 'minmax(190px, 2.4fr)', value: (row) => row.id,
    cell: (row) => <ViewLink to="questions" filters={{area: row.id}}>{row.id} {text(row.title)}</ViewLink>},
  {key: 'most', label: word('most'), numeric: true, width: '76px', value: (row) => row.most, cell: (row) => points(row.most)},
  {key: 'claimed', label: word('claimed'), numeric: true, width: '84px', value: (row) => row.claimed, cell: (row) => points(row.claimed)},
  {key: 'adjusted', label: word('adjusted'), numeric: true, width: '84px', value: (row) => row.adjusted, cell: (row) => points(row.adjusted)},
  {key: 'lost', label: word('lost'), numeric: true, width: '76px', value: (row) => row.lost,
    cell: (row) => (row.lost === 0 ? '' : `−${points(row.lost)}`)},
  {key: 'after', label: word('improved'), numeric: true, width: '92px', value: (row) => row.after, cell: (row) => points(row.after)},
  {key: 'percent', label: '%', numeric: true, width: '72px', value: (row) => row.percent, cell: (row) => percent(row.percent)},
  ...(earlier ? [{key: 'before', label: word('last_time'), numeric: true, width: '110px',
    cell: (row: Area) => percent(earlier.percents.get(row.id))}] : []),
  {key: 'rating', label: word('rating'), width: '96px', value: (row) => row.percent, cell: (row) => <Tag group="rating" code={row.rating} />},
]} />;

export const Areas = () => {
  const {report, paper, route} = useState_();
  const {areas, score, previous} = report.summary;
  const [kind, setKind] = useState<'bars' | 'radar'>('bars');
  const [earlier, setEarlier] = useState<Earlier | null>(() => given(previous));
  const [said, setSaid] = useState('');
  if (areas.length === 0 || !score) return null;
  const choose = async (input: HTMLInputElement): Promise<void> => {
    const file = input.files?.[0];
    if (!file) return;
    const found = readEarlier(file.name, await file.text(), report, route.system);
    input.value = '';  // so that the same file can be chosen again
    setEarlier(found ?? given(previous));
    setSaid(found ? word('compare_done', {file: file.name, before: points(found.adjusted), now: points(score.adjusted)})
      : word('compare_bad', {file: file.name}));
  };
  return <div class="areas">
    <div class="bar screen">
      <div class="switch" role="group" aria-label={word('areas')}>
        {(['bars', 'radar'] as const).map((each) => <button type="button" aria-pressed={kind === each} onClick={() => setKind(each)}>{word(each)}</button>)}
      </div>
      <label class="file">{word('compare')}
        <input class="hidden" type="file" accept=".json,application/json" onChange={(event) => void choose(event.currentTarget)} />
        <span class="button">{word('choose_file')}</span></label>
    </div>
    {said ? <p class="soft" role="status">{said}</p> : null}
    <AreaChart areas={areas} earlier={earlier} kind={kind} />
    {paper && route.reader === 'manager' ? null : paper ? <AreaTable areas={areas} earlier={earlier} />
      : <details><summary>{word('as_table')}</summary><AreaTable areas={areas} earlier={earlier} /></details>}
    <p class="soft small">{word('score_hint')}</p>
  </div>;
};
