import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseAllDocuments } from "yaml"

export const infra = fileURLToPath(new URL("../../infra", import.meta.url))

export interface Manifest {
  readonly file: string
  readonly apiVersion: string
  readonly kind: string
  readonly [key: string]: unknown
}

/** The documents of a YAML file. Throws for one that is not YAML. */
export function readYaml(path: string): readonly Record<string, unknown>[] {
  return parseAllDocuments(readFileSync(path, "utf8"), { merge: true }).map((document) => {
    if ("errors" in document && document.errors.length > 0) throw document.errors[0]
    return document.toJS()
  })
}

/** What a folder gives to Kubernetes, with the file that each stands in. */
export function manifestsOf(folder: string): readonly Manifest[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".yaml") && !["kustomization.yaml", "sluice.yaml"].includes(file))
  return files.flatMap((file) => readYaml(join(folder, file)).map((document) => ({ ...document, file }) as unknown as Manifest))
}

/** The expressions of Prometheus in the alert rules and the dashboards. */
export function expressions(): readonly { readonly where: string; readonly expression: string }[] {
  const [rules] = readYaml(join(infra, "prometheus/alerts.yaml"))
  const dashboards = readdirSync(join(infra, "grafana/dashboards"))
  return [
    ...valuesOf(rules, "expr").map((expression) => ({ where: "alerts.yaml", expression })),
    ...dashboards.flatMap((file) => {
      const board: unknown = JSON.parse(readFileSync(join(infra, "grafana/dashboards", file), "utf8"))
      return [...valuesOf(board, "expr"), ...valuesOf(board, "query")].map((expression) => ({ where: file, expression }))
    }),
    ...valuesOf(manifestsOf(join(infra, "kubernetes/base")), "query").map((expression) => ({ where: "worker-scaling.yaml", expression })),
  ]
}

/** The names of metrics in an expression; of histograms with `_bucket`, `_sum` or `_count`. */
export function metricNames(expression: string): readonly string[] {
  const names = expression.match(/\b(?:sluice|gen_ai|http|db_client|nodejs|process)_[a-z0-9_]+(?=[{\s,)[]|$)/g) ?? []
  const labels = new Set(Array.from(expression.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)/g), ([, label]) => label))
  const grouped = Array.from(expression.matchAll(/\b(?:by|without)\s*\(([^)]*)\)/g), ([, list]) => list?.split(/\s*,\s*/) ?? []).flat()
  return names.filter((name) => !labels.has(name) && !grouped.includes(name))
}

function valuesOf(value: unknown, key: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesOf(item, key))
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, item]) => (name === key && typeof item === "string" ? [item] : valuesOf(item, key)))
}
