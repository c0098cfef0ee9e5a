// Charts, drawn as SVG so that they print well. None of them shows a string from the wire.

import {BarChart, CustomChart, RadarChart, ScatterChart} from 'echarts/charts';
import {AriaComponent, GridComponent, LegendComponent, RadarComponent, TooltipComponent} from 'echarts/components';
import {init, use, type EChartsCoreOption, type EChartsType} from 'echarts/core';
import {SVGRenderer} from 'echarts/renderers';
import {useEffect, useLayoutEffect, useRef} from 'preact/hooks';
import {useState_} from './state';
import {palette} from './palette';

use([AriaComponent, BarChart, CustomChart, GridComponent, LegendComponent, RadarChart, RadarComponent, ScatterChart,
  SVGRenderer, TooltipComponent]);

const fonts = '"Segoe UI", Roboto, "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", Meiryo, sans-serif';

export interface ChartProps {
  label: string;
  height: number;
  option: EChartsCoreOption;
  onChoose?: (series: number, index: number) => void;
}

/** An A4 page less its margins, in CSS pixels. */
const kPaperWidth = 690;

export const Chart = ({label, height, option, onChoose}: ChartProps) => {
  const {dark, paper} = useState_();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const choose = useRef(onChoose);
  choose.current = onChoose;

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const drawn = init(element, null, {renderer: 'svg', ...(paper ? {width: kPaperWidth, height} : {height})});
    chart.current = drawn;
    drawn.on('click', (event) => choose.current?.(event.seriesIndex ?? 0, event.dataIndex));
    const watch = new ResizeObserver(() => { if (!paper) drawn.resize(); });
    watch.observe(element);
    return () => {
      watch.disconnect();
      drawn.dispose();
      chart.current = null;
    };
  }, [paper, height]);

  const draw = (): void => {
    const colours = palette(dark && !paper);
    chart.current?.setOption({animation: false, backgroundColor: 'transparent',
      textStyle: {color: colours.ink, fontFamily: fonts}, ...option}, true);
  };
  useLayoutEffect(draw);
  useEffect(draw, []);
  return <div class="chart" role="img" aria-label={label} ref={box} style={{height: `${height}px`, ...(paper ? {width: `${kPaperWidth}px`} : {})}} />;
};
