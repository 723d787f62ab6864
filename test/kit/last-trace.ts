// The look at the trace that Cluster Services wrote last of a resource, by its name in a fake world.
export const lastTraceOf = (name: string): string =>
  `probe cd /var/opt/novell/log/ncs && f=$(ls -t ${name}.load.out ${name}.unload.out 2>/dev/null | head -n 1) && [ -n "$f" ] && echo "$f:" && tail -n 20 "$f"`

/** What is read there. */
export const traced = (stdout: string) => ({ stdout, stderr: '', rc: 0 })
