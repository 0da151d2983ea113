/** The large chart of a market: what each outcome traded at, with a crosshair. */

import "uplot/dist/uPlot.min.css";
import "./price-chart.css";

import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

import { formatScale } from "../format/numbers";
import { formatTick } from "../format/times";
import type { History } from "./history";
import { useScheme } from "./use-scheme";

export interface Line {
  readonly name: string;
  readonly color: string;
}

interface PriceChartProps {
  history: History;
  lines: readonly Line[];
  summary: string;
  /** Told the index of the moment under the crosshair, and undefined when it is gone. */
  onMoment: (index: number | undefined) => void;
}

const AXIS_FONT = '500 12px "Inter Variable", system-ui, sans-serif';
// The enumeration is there for the compiler alone.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const RIGHT: uPlot.Axis.Side.Right = 1;
const PADDING = 0.04;
const STEP = 0.1;

export function PriceChart({ history, lines, summary, onMoment }: PriceChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const data = useRef(history);
  const tell = useRef(onMoment);
  const scheme = useScheme();
  const colors = lines.map((line) => line.color).join(" ");
  data.current = history;
  tell.current = onMoment;

  useEffect(() => {
    const element = frame.current;
    if (element === null) {
      return;
    }
    const size = () => ({ width: element.clientWidth, height: element.clientHeight });
    const plot = new uPlot(
      optionsOf(element, colors.split(" "), size(), (index) => {
        tell.current(index);
      }),
      dataOf(data.current),
      element,
    );
    chart.current = plot;
    const observer = new ResizeObserver(() => {
      plot.setSize(size());
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
      chart.current = undefined;
    };
  }, [colors, scheme]);

  useEffect(() => {
    chart.current?.setData(dataOf(history));
  }, [history]);

  return <div ref={frame} class="price-chart" role="img" aria-label={summary} />;
}

function dataOf({ times, prices }: History): uPlot.AlignedData {
  return [times.slice(), ...prices.map((line) => line.slice())];
}

function optionsOf(
  element: HTMLElement,
  colors: readonly string[],
  size: { width: number; height: number },
  onMoment: (index: number | undefined) => void,
): uPlot.Options {
  const styles = getComputedStyle(element);
  const property = (name: string) => styles.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    font: AXIS_FONT,
    stroke: property("--ink-soft"),
    ticks: { show: false },
  };
  const grid = { stroke: property("--line"), width: 1 };
  const isAlone = colors.length === 1;
  return {
    ...size,
    padding: [12, 0, 0, 30],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 10, width: 2, fill: property("--surface") } },
    scales: { x: { time: true }, y: { range: (_, low, high) => bounds(low, high) } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 96,
        gap: 10,
        size: 32,
        values: (_, at, __, ___, apart) => withoutRepetition(at.map((time) => formatTick(time, apart))),
      },
      {
        ...axis,
        side: RIGHT,
        grid,
        gap: 8,
        size: 52,
        splits: (plot) => splits(plot),
        values: (_, at) => at.map(formatScale),
      },
    ],
    series: [
      {},
      ...colors.map((name) => {
        const stroke = property(name);
        return { stroke, width: 2.25, points: { show: false }, ...(isAlone ? { fill: shadeBelow(stroke) } : {}) };
      }),
    ],
    hooks: {
      setCursor: [
        (plot) => {
          onMoment(plot.cursor.idx ?? undefined);
        },
      ],
      draw: [
        (plot) => {
          markEnds(plot, colors.map(property), property("--surface"));
        },
      ],
    },
  };
}

/** What the chart shows of 0 to 1: all that happened, with some room, on whole tenths, so that it rarely moves. */
function bounds(low: number, high: number): [number, number] {
  const bottom = Math.max(0, Math.floor((low - PADDING) / STEP) * STEP);
  const top = Math.min(1, Math.ceil((high + PADDING) / STEP) * STEP);
  return [bottom, top];
}

function splits(plot: uPlot): number[] {
  const { min = 0, max = 1 } = plot.scales.y ?? {};
  const tenths = Math.round((max - min) / STEP);
  const every = tenths > 5 ? 2 : 1;
  return Array.from({ length: Math.floor(tenths / every) + 1 }, (_, index) => min + index * every * STEP);
}

/** The colour of a line, which is six hexadecimal digits, becoming transparent towards the bottom. */
function shadeBelow(stroke: string): (plot: uPlot) => CanvasGradient {
  return ({ ctx, bbox }) => {
    const shade = ctx.createLinearGradient(0, bbox.top, 0, bbox.top + bbox.height);
    shade.addColorStop(0, `${stroke}38`);
    shade.addColorStop(1, `${stroke}00`);
    return shade;
  };
}

/** A dot where each line has got to. */
function markEnds(plot: uPlot, colors: readonly string[], halo: string): void {
  const [times, ...lines] = plot.data;
  const last = times.length - 1;
  const { ctx } = plot;
  lines.forEach((line, index) => {
    const x = plot.valToPos(times[last] ?? 0, "x", true);
    const y = plot.valToPos(line[last] ?? 0, "y", true);
    ctx.beginPath();
    ctx.arc(x, y, 4.5 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fillStyle = colors[index] ?? "";
    ctx.fill();
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.strokeStyle = halo;
    ctx.stroke();
  });
}

/** Marks that are closer than what they say distinguishes say it once. */
function withoutRepetition(marks: readonly string[]): string[] {
  return marks.map((mark, index) => (mark === marks[index - 1] ? "" : mark));
}
