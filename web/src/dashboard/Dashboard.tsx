import { useEffect, useState } from 'react'
import { OverviewDocument, PulseDocument } from '../generated/operations.ts'
import { type Session, useSession } from '../session.ts'
import { Campaigns } from './Campaigns.tsx'
import { LiveContext, useAnswer, useConnection, useLive, useStream } from './hooks.ts'
import { type Connection, createLive, type Live } from './live.ts'
import { Models } from './Models.tsx'
import { Orders } from './Orders.tsx'
import { newest, PulseTiles, Rising } from './Pulse.tsx'
import './dashboard.css'

/** Whoever may not use this sees nothing of the rest either. */
const NEEDED = 'orderRecorded'

export default function Dashboard() {
  const session = useSession()
  if (session.state !== 'in') return <Outside session={session} />
  if (!session.viewer.permissions.includes(NEEDED) || session.viewer.customer !== null)
    return (
      <Message title="Not for this token" state="forbidden">
        The dashboard is for MARKETER, ANALYST and ADMIN, and for tokens that speak for no single customer. You are
        signed in as {session.viewer.role}.
      </Message>
    )
  return <Connected key={session.token} token={session.token} />
}

function Outside({ session }: { session: Session }) {
  if (session.state === 'checking') return <p className="loading">Checking the token…</p>
  return (
    <Message title="Sign in to watch" state="out">
      What happens in the shop is shown here as it happens, to MARKETER, ANALYST and ADMIN.
    </Message>
  )
}

function Message({ title, state, children }: { title: string; state: string; children: React.ReactNode }) {
  return (
    <section className="message" data-state={state}>
      <h2>{title}</h2>
      <p>{children}</p>
    </section>
  )
}

function Connected({ token }: { token: string }) {
  const [live, setLive] = useState<Live | null>(null)
  useEffect(() => {
    const mine = createLive(token)
    setLive(mine)
    return () => mine.stop()
  }, [token])
  if (!live) return null
  return (
    <LiveContext value={live}>
      <Parts />
    </LiveContext>
  )
}

const WORDS: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting…',
  open: 'Live',
  lost: 'Connection lost: trying again. What you see is as it was.',
  refused: 'The token is not valid any more: sign in again.',
}

function Parts() {
  const connection = useConnection(useLive())
  const overview = useAnswer(OverviewDocument)
  const pulse = useStream(PulseDocument, {}, newest, null)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard as well
    <section className="dashboard" aria-label="Dashboard" data-connection={connection} tabIndex={0}>
      <p className={`connection ${connection}`} role="status" aria-label="Connection">
        {WORDS[connection]}
      </p>
      <div className="columns">
        <PulseTiles stream={pulse} />
        <Campaigns stream={pulse} />
        <Orders />
        <Rising stream={pulse} />
        <Models known={{ ...overview, value: overview.value?.models ?? [] }} />
      </div>
    </section>
  )
}
