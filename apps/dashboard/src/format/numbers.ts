const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 })

export function formatCount(value: number): string {
  return whole.format(value)
}

/** `1.2M`, where the digits would not be read. */
export function formatCompact(value: number): string {
  return Math.abs(value) < 10_000 ? whole.format(value) : compact.format(value)
}

/** US dollars with as many digits as matter: `$0.000119`, `$1.24`, `$1,204`. */
export function formatUsd(value: number): string {
  if (value === 0) return "$0"
  const digits = value >= 1_000 ? 0 : value >= 0.1 ? 2 : Math.min(8, 2 - Math.floor(Math.log10(value)))
  return `$${value.toLocaleString(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
}

/** A share of one. What is nearly all is not called all. */
export function formatShare(share: number): string {
  const percent = share * 100
  if (percent > 99.99 && percent < 100) return ">99.99 %"
  const digits = Number.isInteger(Math.round(percent * 1e9) / 1e9) ? 0 : percent > 99 ? 2 : 1
  return `${percent.toFixed(digits)} %`
}
