/** The counters of a Prometheus page whose name is `name`, summed over all labels that `label` matches. */
export function sumOf(page: string, name: string, label = /(?:)/): number {
  return page
    .split('\n')
    .filter((line) => line.startsWith(name) && label.test(line))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

export async function pageAt(url: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.text();
}
