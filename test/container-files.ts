/** Dockerfile and docker-compose.yml, as far as the tests ask about them. */
import { readFileSync } from 'node:fs';

export interface Image {
  /** From the build's folder to the image's. */
  copies: { sources: string[]; target: string }[];
  environment: Record<string, string>;
  exposed: string[];
  volumes: string[];
  user: string | undefined;
  command: string[];
  healthcheck: string[];
}

const BUILD_FOLDER = '/warren/';

/** The last stage: what runs. */
export function readImage(file = 'Dockerfile'): Image {
  const stage = instructions(file).slice(instructions(file).findLastIndex(([name]) => name === 'FROM') + 1);
  const all = (wanted: string): string[] => stage.filter(([name]) => name === wanted).map(([, rest]) => rest);
  return {
    copies: all('COPY').map((rest) => {
      const paths = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
      const target = paths.pop() ?? '';
      return { sources: paths.map((path) => path.replace(BUILD_FOLDER, '')), target };
    }),
    environment: Object.fromEntries(all('ENV').flatMap((rest) => rest.split(/\s+/).map((pair) => pair.split('=', 2)))),
    exposed: all('EXPOSE').flatMap((rest) => rest.split(/\s+/)),
    volumes: all('VOLUME'),
    user: all('USER').at(-1),
    command: JSON.parse(all('CMD').at(-1) ?? '[]'),
    healthcheck: JSON.parse(
      all('HEALTHCHECK')
        .at(-1)
        ?.replace(/^.*?CMD\s+/s, '') ?? '[]',
    ),
  };
}

function instructions(file: string): [string, string][] {
  const text = readFileSync(file, 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ');
  return [...text.matchAll(/^([A-Z]+)\s+(.*)$/gm)].map(([, name = '', rest = '']) => [name, rest]);
}

/** The service's published ports (container side), mounted folders and settings. */
export function readService(file = 'docker-compose.yml') {
  const text = readFileSync(file, 'utf8');
  const found = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, value = '']) => value);
  return {
    ports: found(/^\s+- '[\d.]+:\d+:(\d+)'$/gm),
    mounts: found(/^\s+- \w+:(\/\S+)$/gm),
    settings: found(/^\s+([A-Z_]+): /gm),
  };
}
