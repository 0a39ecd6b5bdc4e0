/** Chromium refuses to run its sandbox as root; everybody else keeps it. */
export function sandboxArguments(): string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
}
