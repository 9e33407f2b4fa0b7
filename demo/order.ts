/** An order of the demo's shop. */
export interface Order {
  id: string;
  customer: string;
  city: string;
  country: string;
  /** False: a download, which nobody ships. */
  parcel: boolean;
  card: string;
  items: { name: string; count: number; price: number }[];
  total: number;
}

const CUSTOMERS = ['Ada', 'Blaise', 'Claude', 'Dorothy', 'Edsger', 'Frances', 'Grace', 'Hedy'];
const PLACES = [
  ['Lisbon', 'pt'],
  ['Graz', 'at'],
  ['Porto', 'pt'],
  ['Bergen', 'no'],
  ['Ghent', 'be'],
  ['Oulu', 'fi'],
] as const;
const GOODS = [
  ['carrots, a bunch', 2.4],
  ['lantern', 19],
  ['map of the tunnels', 7.5],
  ['shovel', 24.9],
  ['clover tea', 5.2],
] as const;

let count = 0;

/** One card in 25 is refused, one parcel in 40 goes to a city that is not there. */
export function nextOrder(): Order {
  count++;
  const [city, country] = any(PLACES);
  const items = Array.from({ length: 1 + Math.floor(Math.random() * 3) }, () => {
    const [name, price] = any(GOODS);
    return { name, price, count: 1 + Math.floor(Math.random() * 4) };
  });
  const total = items.reduce((sum, item) => sum + item.price * item.count, 0);
  return {
    id: `order-${Date.now().toString(36)}-${count}`,
    customer: any(CUSTOMERS),
    city: Math.random() < 1 / 40 ? 'Atlantis' : city,
    country,
    parcel: Math.random() < 0.8,
    card: `•••• ${Math.random() < 1 / 25 ? '0000' : String(1000 + Math.floor(Math.random() * 9000))}`,
    items,
    total: Math.round(total * 100) / 100,
  };
}

function any<T>(choices: readonly T[]): T {
  return choices[Math.floor(Math.random() * choices.length)] as T;
}
