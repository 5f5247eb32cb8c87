import { useSyncExternalStore } from "react"

export const themes = ["system", "light", "dark"] as const
export type Theme = (typeof themes)[number]

const storageKey = "sluice.theme"
const dark = matchMedia("(prefers-color-scheme: dark)")
const listeners = new Set<() => void>()

export function currentTheme(): Theme {
  const stored = document.documentElement.dataset.theme
  return stored === "light" || stored === "dark" ? stored : "system"
}

/** Before anything is drawn: what the viewer chose the last time. */
export function applyStoredTheme(): void {
  const stored = localStorage.getItem(storageKey)
  if (stored === "light" || stored === "dark") document.documentElement.dataset.theme = stored
  dark.addEventListener("change", announce)
}

export function chooseTheme(theme: Theme): void {
  if (theme === "system") {
    delete document.documentElement.dataset.theme
    localStorage.removeItem(storageKey)
  } else {
    document.documentElement.dataset.theme = theme
    localStorage.setItem(storageKey, theme)
  }
  announce()
}

/** The choice, and what it comes to. Whatever paints by itself, as charts do, has to paint anew when it changes. */
export function useTheme(): { readonly theme: Theme; readonly isDark: boolean } {
  const text = useSyncExternalStore(subscribe, () => `${currentTheme()} ${dark.matches}`)
  const theme = currentTheme()
  return { theme, isDark: theme === "system" ? text.endsWith("true") : theme === "dark" }
}

function announce(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
