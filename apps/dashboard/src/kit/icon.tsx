/** Outlines on a grid of 16. */
const outlines = {
  sluice: "M2.5 3.5h11M2.5 3.5v9M13.5 3.5v9M5 6h6v2.5H5zM5 12c.75 0 .75.8 1.5.8S7.25 12 8 12s.75.8 1.5.8.75-.8 1.5-.8",
  overview: "M2 13.5h12M4 11V8M8 11V3.5M12 11V6",
  jobs: "M3 4h10M3 8h10M3 12h6",
  playground: "M4 3l8 5-8 5z",
  endpoints: "M3 3.5h10v4H3zM3 8.5h10v4H3zM5.5 5.5h.01M5.5 10.5h.01",
  "dead-letters": "M2.5 6l5.5 3.5L13.5 6M2.5 4h11v8.5h-11zM6 2l4 0",
  webhooks: "M6 6.5a2.5 2.5 0 1 1 3.5 2.300L11 11.5M6 6.5L4.5 10M4.5 12.5a2 2 0 1 1 2-2.5H11a2 2 0 1 1-.5 2",
  usage: "M8 2v12M11 4.5C10.3 3.6 9.2 3.3 8 3.300c-1.7 0-2.9.9-2.9 2.2 0 3 6 1.6 6 4.7 0 1.5-1.3 2.5-3.1 2.5-1.4 0-2.6-.5-3.3-1.5",
  copy: "M6 6h7v7.5H6zM10 6V2.5H3V10h3",
  check: "M3.5 8.5l3 3 6-7",
  cross: "M4 4l8 8M12 4l-8 8",
  clock: "M8 4.5V8l2.5 1.5M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z",
  slash: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM4 12l8-8",
  ring: "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z",
  half: "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3zM8 3v10",
  warning: "M8 2.5l6 11H2zM8 6.5V10M8 11.800v.01",
  dot: "M8 6.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z",
  back: "M9.5 3.5L5 8l4.5 4.5",
  download: "M8 2.5v8M4.5 7.5L8 11l3.5-3.5M3 13.5h10",
} as const

export type IconName = keyof typeof outlines

/** Says nothing to readers of screens: a word goes with it. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d={outlines[name]} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}
