import { MemoryStore } from '../../lib/store/memory-store.ts';
import { messageStoreContract } from './message-store.ts';

messageStoreContract('MemoryStore', () => new MemoryStore());
