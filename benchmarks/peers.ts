// The peers are no part of the workspace: one of them compiles a second SQLite, which nobody who only
// wants to run our tests should wait for. The full benchmark installs them, as pinned and locked.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, 'peers')

/** Where the peers are installed; null where they are not, and are not to be or cannot be installed. */
export const findPeers = (installs: boolean, say: (text: string) => void): string | null => {
  if (existsSync(join(folder, 'node_modules/sqlite3/build/Release/node_sqlite3.node')))
    return folder
  if (!installs) {
    say('emmett-sqlite is not installed: it is left out (npm ci in benchmarks/peers)')
    return null
  }
  say('installing emmett-sqlite, some minutes')
  try {
    // Nothing is downloaded but packages: its SQLite is compiled, as ours is.
    const env = { ...process.env, npm_config_build_from_source: 'true' }
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore', env })
    return folder
  } catch (error) {
    say(`emmett-sqlite is left out: ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
}
