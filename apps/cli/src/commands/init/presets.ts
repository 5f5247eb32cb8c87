/** A provider that a configuration can begin with. */
export interface Preset {
  readonly name: string
  readonly title: string
  /** Of the endpoint, without what is optional. */
  readonly endpoint: readonly string[]
  readonly next: string
}

export const presets: readonly Preset[] = [
  {
    name: "openai",
    title: "OpenAI",
    endpoint: ["provider: openai", "baseUrl: https://api.openai.com/v1", "model: gpt-4o-mini", "apiKey: env:OPENAI_API_KEY"],
    next: "set OPENAI_API_KEY",
  },
  {
    name: "anthropic",
    title: "Anthropic",
    endpoint: ["provider: anthropic", "baseUrl: https://api.anthropic.com", "model: claude-haiku-4-5", "apiKey: env:ANTHROPIC_API_KEY"],
    next: "set ANTHROPIC_API_KEY",
  },
  {
    name: "azure-openai",
    title: "Azure OpenAI",
    endpoint: [
      "provider: azure-openai",
      "baseUrl: https://YOUR-RESOURCE.openai.azure.com",
      "model: gpt-4o-mini # the name of the deployment",
      'apiVersion: "2024-10-21"',
      "apiKey: env:AZURE_OPENAI_API_KEY",
    ],
    next: "put your resource's name into baseUrl, set AZURE_OPENAI_API_KEY",
  },
  {
    name: "compatible",
    title: "another that speaks OpenAI's wire (Ollama, vLLM, OpenRouter, Gemini, ..)",
    endpoint: ["provider: openai", "baseUrl: http://127.0.0.1:11434/v1", "model: llama3.2", "# apiKey: env:PROVIDER_API_KEY"],
    next: "set baseUrl and model to those of your server",
  },
  {
    name: "simulator",
    title: "the simulated provider, to try Sluice without a key",
    endpoint: ["provider: openai", "baseUrl: http://127.0.0.1:9101/v1", "model: gpt-4o-mini", "apiKey: env:SIMULATOR_KEY"],
    next: "start it (`npm run simulator -- --port 9101`), set SIMULATOR_KEY to anything",
  },
]

export function presetNamed(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name)
}
