// The timeline, and the events that are neither operations nor findings.

import {useMemo} from 'preact/hooks';
import {Chart} from './charts';
import {Events} from './observed';
import {palette, severityColour} from './palette';
import {Section} from './parts';
import type {View} from './route';
import {useState_} from './state';
import {filterTime, timelineOf, type Lane} from './timeline';
import {number, term, word} from './words';

const laneName = (lane: Lane): string => lane.kind === 'finding' ? word('lane_finding', {name: term('severity', lane.code)})
  : lane.kind === 'operation' ? word('lane_operation', {name: term('access', lane.code)})
    : word('lane_event', {name: term('event', lane.code)});

const targets: Record<Lane['kind'], [View, string]> = {finding: ['findings', 'severity'], operation: ['operations', 'access'], event: ['timeline', 'kind']};

export const TimelineView = () => {
  const {report, dark, paper, go, route} = useState_();
  const colours = palette(dark && !paper);
  const narrow = !paper && innerWidth < 700;
  const stretches = narrow ? 24 : 60;
  const line = useMemo(() => timelineOf(report, stretches), [report, stretches]);
  if (!line) return <Section id="timeline" title={word('timeline')}><p class="none">{word('none')}</p></Section>;
  const names = [...line.lanes.map(laneName).reverse(), ...line.captures.slice(0, 12).map((each) => word('lane_capture', {capture: each.capture}))];
  const colour = (lane: Lane): string => (lane.kind === 'finding' ? severityColour(colours, lane.code) : lane.kind === 'operation' ? colours.adjusted : colours.soft);
  const dots = line.lanes.flatMap((lane, at) => lane.counts.flatMap((count, index) => (count === 0 ? [] : [{
    value: [line.from + (index + 0.5) * line.stretch, line.lanes.length - 1 - at, count], lane, index,
    itemStyle: {color: colour(lane), opacity: 1}, symbol: lane.kind === 'finding' ? 'diamond' : lane.kind === 'operation' ? 'rect' : 'circle'}])));
  const most = Math.max(1, ...dots.map((dot) => dot.value[2] ?? 1));
  const choose = (series: number, index: number): void => {
    const dot = series === 0 ? dots[index] : undefined;
    if (!dot) return;
    const [view, key] = targets[dot.lane.kind];
    go({...route, view, open: '', filters: {[key]: dot.lane.code, from: filterTime(line.from + dot.index * line.stretch, false),
      to: filterTime(line.from + (dot.index + 1) * line.stretch, true)}});
  };
  const clock = (ms: number): string => {
    const text = new Date(ms).toISOString();
    return line.to - line.from > 2 * 86400000 ? text.slice(5, 10) : text.slice(11, line.to - line.from > 7200000 ? 16 : 19);
  };
  return <Section id="timeline" title={word('timeline')} hint={word('timeline_hint')}>
    <Chart label={word('timeline_chart')} height={names.length * 26 + 60} onChoose={choose} option={{
      grid: {left: 4, right: 24, top: 8, bottom: 4, containLabel: true},
      xAxis: {type: 'value', min: line.from, max: line.to, splitNumber: narrow ? 2 : 6, axisLabel: {color: colours.soft, formatter: clock, hideOverlap: true},
        splitLine: {lineStyle: {color: colours.line}}},
      yAxis: {type: 'category', data: names, axisLabel: {color: colours.ink, fontSize: narrow ? 10 : 12}, axisTick: {show: false}, axisLine: {lineStyle: {color: colours.line}},
        splitLine: {show: true, lineStyle: {color: colours.line, opacity: 0.5}}},
      series: [
        {type: 'scatter', data: dots, cursor: 'pointer', symbolSize: (value: number[]) => 7 + 13 * Math.sqrt((value[2] ?? 1) / most)},
        {type: 'custom', silent: true, encode: {x: [0, 1], y: 2},
          data: line.captures.slice(0, 12).map((each, at) => [each.from, each.to, line.lanes.length + at]),
          renderItem: (_: unknown, api: {value: (index: number) => number; coord: (point: number[]) => number[]}) => {
            const start = api.coord([api.value(0), api.value(2)]);
            const end = api.coord([api.value(1), api.value(2)]);
            return {type: 'rect', shape: {x: start[0], y: (start[1] ?? 0) - 5, width: Math.max(3, (end[0] ?? 0) - (start[0] ?? 0)), height: 10}, style: {fill: colours.claimed}};
          }},
      ],
    }} />
    <h3>{word('events')} <span class="soft">({number(report.events.total)})</span></h3>
    <Events />
  </Section>;
};
