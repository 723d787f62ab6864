// Processes of a node that have a program among the words of their command line: also scripts, whose name is the shell's.
import { resource, z } from '#task'

/** The key is the program as it was called, with its path. */
export const commands = resource<{ found: string[] }>({
  kind: 'commands',
  schema: z.object({ found: z.array(z.string()) }),
  read: ($, program) =>
    $`command -v tr >/dev/null || { tr; exit; }; for p in /proc/[0-9]*; do w=$(tr '\\0' ' ' 2>/dev/null <"$p/cmdline") || continue; case " $w" in *" "${program}" "*) echo "process \${p#/proc/}: $w";; esac; done; :`,
  parse: ({ stdout }) => ({ found: stdout.split('\n').flatMap(line => line.trim() || []) }),
})
