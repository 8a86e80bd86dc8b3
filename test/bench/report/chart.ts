/** One group of bars beside each other. */
export interface BarGroup {
  readonly name: string;
  /** A bar for each series, in their order; `undefined`: not measured. */
  readonly values: readonly (number | undefined)[];
}

export interface BarChart {
  readonly title: string;
  /** What is good, and what the bars are in. */
  readonly subtitle: string;
  /** What somebody who cannot see it should know. */
  readonly description: string;
  readonly series: readonly string[];
  readonly groups: readonly BarGroup[];
  /** Text on a bar. */
  readonly label: (value: number) => string;
  /** Where the axis ends; default: the highest value. */
  readonly most?: number;
  /** `log`: each step is ten times the one before; for values that differ by orders of magnitude. */
  readonly scale?: 'linear' | 'log';
}

const WIDTH = 960;
const LEFT = 190;
const RIGHT = 90;
const BAR = 13;
const GAP = 14;
const TOP = 96;
/** Okabe and Ito's palette, told apart by people who see colours differently; ours is the darkest. */
const COLOURS = ['#bbbbbb', '#e69f00', '#56b4e9', '#009e73', '#0b3d91'];

/** A bar chart as SVG: readable on white and dark pages, with title and description for screen readers. */
export function barChart(chart: BarChart): string {
  const { title, subtitle, description, series, groups, label } = chart;
  const values = groups.flatMap((group) => group.values).filter((value) => value !== undefined);
  const most = chart.most ?? Math.max(...values, Number.MIN_VALUE);
  const span = WIDTH - LEFT - RIGHT;
  const least = Math.min(...values.filter((value) => value > 0)) / 2;
  const length = (value: number) => {
    if (chart.scale !== 'log') return (Math.max(0, Math.min(value, most)) / most) * span;
    return value <= least ? 0 : (Math.log(value / least) / Math.log(most / least)) * span;
  };
  const groupHeight = series.length * BAR + GAP;
  const height = TOP + groups.length * groupHeight + 10;
  const bars = groups.flatMap(({ name, values }, index) => {
    const top = TOP + index * groupHeight;
    const heading = text(LEFT - 10, top + (series.length * BAR) / 2 + 4, name, 'end', 'name');
    const own = values.flatMap((value, which) => {
      if (value === undefined) return [];
      const y = top + which * BAR;
      const width = Math.max(1, length(value));
      return [
        `<rect x="${LEFT}" y="${y + 1}" width="${width.toFixed(1)}" height="${BAR - 2}" fill="${COLOURS[which % COLOURS.length]}"><title>${escaped(`${name}, ${series[which]}: ${label(value)}`)}</title></rect>`,
        text(LEFT + width + 5, y + BAR - 3, label(value), 'start', 'value'),
      ];
    });
    return [heading, ...own];
  });
  const legend = series.map((name, index) => {
    const x = 24 + index * 180;
    return `<rect x="${x}" y="66" width="12" height="12" fill="${COLOURS[index % COLOURS.length]}"/>${text(x + 18, 76, name, 'start', 'value')}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title description">
<title id="title">${escaped(title)}</title>
<desc id="description">${escaped(description)}</desc>
<style>text{font:12px system-ui,sans-serif;fill:#222}.title{font-size:18px;font-weight:600}.name{font-size:13px}.value{font-size:11px}</style>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${text(24, 30, title, 'start', 'title')}
${text(24, 50, subtitle, 'start', 'value')}
${legend.join('\n')}
<line x1="${LEFT}" y1="${TOP - 4}" x2="${LEFT}" y2="${height - 10}" stroke="#999"/>
${bars.join('\n')}
</svg>
`;
}

function text(x: number, y: number, words: string, anchor: 'start' | 'end', style: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" class="${style}">${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
