import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { ScaledObject } from "@kubernetes-models/keda/keda.sh/v1alpha1"
import { Deployment } from "kubernetes-models/apps/v1"
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2"
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1"
import { PodDisruptionBudget } from "kubernetes-models/policy/v1"
import { Namespace, Service, ServiceAccount } from "kubernetes-models/v1"
import { describe, expect, test } from "vitest"
import { parseConfiguration } from "../../packages/runtime/src/index.ts"
import { expressions, infra, manifestsOf, metricNames, readYaml } from "./manifests.ts"

const base = join(infra, "kubernetes/base")
const example = join(infra, "kubernetes/example")
const validators = {
  "v1 Namespace": Namespace,
  "v1 Service": Service,
  "v1 ServiceAccount": ServiceAccount,
  "apps/v1 Deployment": Deployment,
  "autoscaling/v2 HorizontalPodAutoscaler": HorizontalPodAutoscaler,
  "policy/v1 PodDisruptionBudget": PodDisruptionBudget,
  "networking.k8s.io/v1 NetworkPolicy": NetworkPolicy,
  "keda.sh/v1alpha1 ScaledObject": ScaledObject,
} as const

function validate({ file: _file, ...manifest }: Record<string, unknown>): void {
  const name = `${manifest.apiVersion} ${manifest.kind}`
  const Model = Object.entries(validators).find(([key]) => key === name)?.[1]
  if (!Model) throw new Error(`Nothing here validates ${name}.`)
  // biome-ignore lint/suspicious/noExplicitAny: each model takes its own shape, which is what it then checks.
  new Model(manifest as any).validate()
}

describe("Kubernetes", () => {
  const manifests = [...manifestsOf(base), ...manifestsOf(example)]

  test.each(manifests.map((manifest) => [`${manifest.file} ${manifest.kind}`, manifest] as const))("%s is valid", (_name, manifest) => {
    expect(() => validate(manifest)).not.toThrow()
  })

  test("a wrong field is found", () => {
    const [deployment] = manifests.filter(({ kind }) => kind === "Deployment")
    expect(() => validate({ ...deployment, spec: { ...(deployment?.spec as object), replicas: "two" } })).toThrow(/replicas/)
  })

  test("kustomize takes every file", () => {
    const [{ resources } = {}] = readYaml(join(base, "kustomization.yaml"))
    expect([...(resources as string[])].sort()).toEqual(
      readdirSync(base)
        .filter((file) => file !== "kustomization.yaml")
        .sort(),
    )
  })

  test("every container runs without rights, on a read-only root, with probes and bounds", () => {
    const deployments = manifests.filter(({ kind }) => kind === "Deployment")
    expect(deployments).toHaveLength(2)
    for (const deployment of deployments) {
      expect(deployment).toMatchObject({
        spec: {
          template: {
            spec: {
              securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
              containers: [
                {
                  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
                  livenessProbe: { httpGet: { path: "/health/live" } },
                  readinessProbe: { httpGet: { path: "/health/ready" } },
                  resources: { requests: {}, limits: {} },
                },
              ],
            },
          },
        },
      })
    }
  })

  test("a pod gets longer to end than its process takes", () => {
    for (const { spec } of manifestsOf(base).filter(({ kind }) => kind === "Deployment")) {
      const text = JSON.stringify(spec)
      const graceMs = Number(/SHUTDOWN_GRACE_MS","value":"(\d+)"/.exec(text)?.[1])
      const seconds = Number(/"terminationGracePeriodSeconds":(\d+)/.exec(text)?.[1])
      expect(seconds * 1_000).toBeGreaterThan(graceMs + 5_000)
    }
  })
})

describe("compose and images", () => {
  test("what compose names is there, and its processes have the targets of the Dockerfile", () => {
    const [{ services } = {}] = readYaml(join(infra, "compose/compose.yaml")) as [{ services: Record<string, Record<string, unknown>> }]
    const dockerfile = readFileSync(join(infra, "docker/Dockerfile"), "utf8")
    for (const service of ["api", "worker"]) {
      expect(services?.[service]).toMatchObject({ read_only: true, cap_drop: ["ALL"], deploy: { replicas: 2 }, build: { target: service } })
      expect(dockerfile).toContain(`AS ${service}\n`)
    }
    const mounts = Object.values(services ?? {}).flatMap(({ volumes = [] }) => volumes as string[])
    const files = mounts.map((mount) => mount.split(":")[0] ?? "").filter((source) => source.startsWith("."))
    expect(files.length).toBeGreaterThan(3)
    for (const file of files) expect(existsSync(join(infra, "compose", file)), file).toBe(true)
  })

  test("the image has the pnpm of the toolchain, and its commands name files that exist", () => {
    const dockerfile = readFileSync(join(infra, "docker/Dockerfile"), "utf8")
    const toolchain = readFileSync(join(infra, "../scripts/toolchain.mjs"), "utf8")
    expect(dockerfile).toContain(`pnpm@${/PNPM_VERSION = "([^"]+)"/.exec(toolchain)?.[1]}`)
    const entries = Array.from(dockerfile.matchAll(/CMD \["node", "(apps[^"]+)"\]/g), ([, entry]) => entry ?? "")
    expect(entries).toHaveLength(2)
    for (const entry of entries) expect(existsSync(join(infra, "..", entry))).toBe(true)
  })

  test.each(["compose/sluice.yaml", "kubernetes/example/sluice.yaml"])("%s is a configuration", (file) => {
    const path = join(infra, file)
    expect(() => parseConfiguration({ text: readFileSync(path, "utf8"), fileName: path })).not.toThrow()
  })
})

test("names of metrics are told from labels", () => {
  const expression = 'sum by (gen_ai_request_model, le) (rate(gen_ai_client_token_usage_sum{http_route="/v1/jobs"}[5m])) / up'
  expect(metricNames(expression)).toEqual(["gen_ai_client_token_usage_sum"])
  expect(metricNames("label_values(sluice_queue_jobs, route)")).toEqual(["sluice_queue_jobs"])
  expect(expressions().length).toBeGreaterThan(40)
})

test("every run-book that an alert names is a section of the operations page", () => {
  const page = readFileSync(join(infra, "../docs/operations.md"), "utf8")
  const anchors = new Set(
    Array.from(page.matchAll(/^#+ (.+)$/gm), ([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    ),
  )
  const runbooks = Array.from(readFileSync(join(infra, "prometheus/alerts.yaml"), "utf8").matchAll(/runbook: docs\/operations\.md#(\S+)/g))
  expect(runbooks.length).toBeGreaterThan(5)
  expect(runbooks.filter(([, anchor = ""]) => !anchors.has(anchor)).map(([, anchor]) => anchor)).toEqual([])
})
