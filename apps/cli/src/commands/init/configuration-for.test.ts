import { parseConfiguration } from "@sluice/runtime"
import { expect, test } from "vitest"
import { configurationFor } from "./configuration-for.ts"
import { presets } from "./presets.ts"

test.each(presets.map((preset) => [preset.name, preset] as const))(
  "%s: is in order as it stands, and with what is commented out",
  (_name, preset) => {
    const text = configurationFor(preset)
    expect(Object.keys(parseConfiguration({ text, fileName: "sluice.yaml" }).routes)).toEqual(["chat"])
    const uncommented = text.replaceAll(
      /^( *)# ((?:region|limits|timeoutMs|price|degradeAfterMs|cache|tenants|webhooks| {2}default| {2}allowPrivate|- \{ name: (?:cache|static))\b.*)$/gm,
      "$1$2",
    )
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./sluice.schema.json")
    expect(uncommented.split("\n").filter((line, index) => line !== text.split("\n")[index]).length).toBe(12)
    const parsed = parseConfiguration({ text: uncommented, fileName: "sluice.yaml" })
    expect(parsed).toMatchObject({ tenants: { default: {} }, webhooks: { allowPrivate: ["127.0.0.0/8"] } })
  },
)
