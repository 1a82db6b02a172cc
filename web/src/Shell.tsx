import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import icon from './icon.svg'
import { offeredRoles, type Session, signIn, signInAs, signOut, useSession } from './session.ts'

export const TOKEN_COMMAND = 'npm run token -- --role MARKETER'

const LINKS = [
  { name: 'explorer', path: '/' },
  { name: 'dashboard', path: '/dashboard' },
]

/** What every page has: the name, the token, and how to get one. */
export function Shell({ page, children }: { page: string; children: ReactNode }) {
  const session = useSession()
  return (
    <>
      <header className="bar">
        <img src={icon} alt="" width="26" height="26" />
        <h1>Alongside</h1>
        <p className="tagline">what to offer next, and why</p>
        <nav className="pages" aria-label="Pages">
          {LINKS.map(({ name, path }) => (
            <a key={name} href={path} aria-current={name === page ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <Status session={session} />
        <TokenForm session={session} />
      </header>
      {(session.state === 'out' || session.state === 'failed') && <HowToSignIn />}
      <main>{children}</main>
    </>
  )
}

function Status({ session }: { session: Session }) {
  return (
    <p className={`status ${session.state}`} role="status">
      {session.state === 'out' && 'Not signed in'}
      {session.state === 'checking' && 'Checking the token…'}
      {session.state === 'failed' && `Not signed in: ${session.message}`}
      {session.state === 'in' && (
        <span>
          Signed in as <strong>{session.viewer.role}</strong> ({session.viewer.subject})
          {session.viewer.customer !== null && `, for customer ${session.viewer.customer} only`}
        </span>
      )}
    </p>
  )
}

function TokenForm({ session }: { session: Session }) {
  const [text, setText] = useState(session.token ?? '')
  useEffect(() => {
    if (session.token !== null || session.state === 'out') setText(session.token ?? '')
  }, [session])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn(text)
  }
  const unchanged = session.state === 'in' && text === session.token
  return (
    <form className="token" onSubmit={submit} autoComplete="off">
      <label htmlFor="token">Token</label>
      <input
        id="token"
        type="text"
        className="secret"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        placeholder="Paste a token"
        aria-invalid={session.state === 'failed'}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {/* Never a submit button: one that turned into it during its own click would submit the form. */}
      <button type="button" className={unchanged ? '' : 'main'} onClick={() => (unchanged ? signOut() : signIn(text))}>
        {unchanged ? 'Sign out' : 'Sign in'}
      </button>
    </form>
  )
}

function HowToSignIn() {
  const [copied, setCopied] = useState(false)
  const [roles, setRoles] = useState<readonly string[]>([])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    void offeredRoles().then(setRoles)
    return () => clearTimeout(timer.current)
  }, [])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(TOKEN_COMMAND)
      setCopied(true)
      timer.current = setTimeout(() => setCopied(false), 2000)
    } catch {
      // no clipboard here: the command can be selected
    }
  }
  return (
    <section className="help" aria-label="How to sign in">
      {roles.length > 0 && (
        <>
          <p>
            <strong>Try it as</strong>
          </p>
          {roles.map((role) => (
            <button type="button" key={role} onClick={() => void signInAs(role)}>
              {role}
            </button>
          ))}
        </>
      )}
      <p>
        {roles.length > 0 ? 'or run' : <strong>Queries need a token.</strong>}
        {roles.length === 0 && ' Run'}
      </p>
      <code>{TOKEN_COMMAND}</code>
      <button type="button" onClick={copy}>
        {copied ? 'Copied' : 'Copy'}
      </button>
      <p>in the project’s folder and paste what it prints into Token above.</p>
    </section>
  )
}
