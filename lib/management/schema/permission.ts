import * as z from 'zod';
import { pattern, patternProblem } from './pattern.ts';
import { requiredText } from './sent-value.ts';

export const permissionPut = z.object({ configure: pattern, write: pattern, read: pattern });

export const permissionShape = z
  .strictObject({
    user: z.string(),
    vhost: z.string(),
    configure: z.string(),
    write: z.string(),
    read: z.string(),
    pattern_problem: patternProblem,
  })
  .meta({ id: 'Permission' });

export const topicPermissionPut = z.object({ exchange: requiredText, write: pattern, read: pattern });

export const topicPermissionShape = z
  .strictObject({
    user: z.string(),
    vhost: z.string(),
    exchange: z.string(),
    write: z.string(),
    read: z.string(),
    pattern_problem: patternProblem,
  })
  .meta({ id: 'TopicPermission' });
