import { Link, Outlet, useLocation, useMatches, useSearch } from "@tanstack/react-router"
import { useEffect, useRef } from "react"
import { Icon } from "../kit/icon.tsx"
import { Page, Panel } from "../kit/page.tsx"
import { EmptyState } from "../kit/states.tsx"
import { AccountMenu } from "./account-menu.tsx"
import { ApiProvider } from "./api.tsx"
import { navigation } from "./navigation.ts"
import { useSession } from "./session.ts"
import "./shell.css"

/** What is around every page: the navigation, who is signed in, for which tenant, and the theme. */
export function Shell() {
  const { tenant } = useSearch({ from: "__root__" })
  return (
    <ApiProvider tenant={tenant}>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <div className="shell">
        <header className="side">
          <Link to="/" className="brand">
            <Icon name="sluice" /> Sluice
          </Link>
          <Navigation />
          <AccountMenu />
        </header>
        <main id="content" tabIndex={-1}>
          <PageOrWhyNot />
        </main>
      </div>
    </ApiProvider>
  )
}

/** Whoever comes by an address that someone else has sent may lack what its page needs. */
function PageOrWhyNot() {
  const session = useSession()
  // Not the address, which is that of the next page while the outlet still holds the one that is left.
  const pathname = useMatches({ select: (matches) => matches.at(-1)?.pathname ?? "/" })
  const page = navigation.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`))
  if (page === undefined || session.can(page.scope)) return <Outlet />
  return (
    <Page title={page.label}>
      <Panel>
        <EmptyState title={`The key ${session.actor} does not show this page`}>
          It lacks the scope {page.scope}. Sign out, and sign in with a key that has it.
        </EmptyState>
      </Panel>
    </Page>
  )
}

/** At the side, and on narrow screens at the bottom, where it is scrolled to the page that is shown. */
function Navigation() {
  const session = useSession()
  const list = useRef<HTMLUListElement>(null)
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address says when another item has become the current one.
  useEffect(() => {
    const active = list.current?.querySelector<HTMLElement>(".active")
    // Not `scrollIntoView`, after which the first press of Tab would begin there.
    if (list.current && active) list.current.scrollLeft = active.offsetLeft - (list.current.clientWidth - active.offsetWidth) / 2
  }, [pathname])
  return (
    <nav aria-label="Pages">
      <ul ref={list}>
        {navigation
          .filter(({ scope }) => session.can(scope))
          .map(({ to, label, icon }) => (
            <li key={to}>
              <Link to={to} className="page-link" activeProps={{ className: "active" }} activeOptions={{ includeSearch: false }}>
                <Icon name={icon} />
                <span>{label}</span>
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  )
}
