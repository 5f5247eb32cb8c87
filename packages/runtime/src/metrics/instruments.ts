import { Counter, Gauge, Histogram, type Registry } from "@prometheus-io/client"

type Labels<Label extends string> = readonly Label[]

/** Makes instruments of one registry: name, what it tells (with its unit), labels, upper bounds. */
export function instrumentsOf(registry: Registry) {
  const registers = [registry]
  return {
    counter: <Label extends string>(name: string, help: string, labelNames: Labels<Label>) =>
      new Counter({ name, help, labelNames, registers }),
    gauge: <Label extends string>(name: string, help: string, labelNames: Labels<Label>) =>
      new Gauge({ name, help, labelNames, registers }),
    histogram: <Label extends string>(name: string, help: string, labelNames: Labels<Label>, buckets: number[]) =>
      new Histogram({ name, help, labelNames, buckets, registers }),
  }
}
