// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What embedded firmware does between its registers: linked lists that are searched, turned round and sorted; small
// matrices; a state machine over text; a CRC over the results.

#include "benchmark.h"

enum { nodes = 64, size = 10 };

struct node {
  struct node* next;
  int16_t key;
  int16_t value;
};

static uint16_t crc16(uint16_t crc, uint16_t data) {
  for (unsigned bit = 0; bit < 16; ++bit) {
    const unsigned odd = (crc ^ data) & 1;
    crc >>= 1;
    data >>= 1;
    if (odd) crc ^= 0xa001;
  }
  return crc;
}

static const struct node* find(const struct node* list, int16_t key) {
  while (list && list->key != key) list = list->next;
  return list;
}

static struct node* turn_round(struct node* list) {
  struct node* turned = 0;
  while (list) {
    struct node* const next = list->next;
    list->next = turned;
    turned = list;
    list = next;
  }
  return turned;
}

static struct node* merge(struct node* a, struct node* b, int by_value) {
  struct node* head = 0;
  struct node** tail = &head;
  while (a && b) {
    const int a_first = by_value ? a->value <= b->value : a->key <= b->key;
    struct node** const from = a_first ? &a : &b;
    *tail = *from;
    tail = &(*tail)->next;
    *from = *tail;
  }
  *tail = a ? a : b;
  return head;
}

static struct node* sort(struct node* list, unsigned count, int by_value) {
  if (count < 2) {
    if (list) list->next = 0;
    return list;
  }
  struct node* middle = list;
  for (unsigned i = 0; i < count / 2; ++i) middle = middle->next;
  struct node* const second = sort(middle, count - count / 2, by_value);
  return merge(sort(list, count / 2, by_value), second, by_value);
}

static uint16_t lists(struct node* pool, uint32_t seed, uint16_t crc) {
  for (unsigned i = 0; i < nodes; ++i) {
    pool[i].next = i + 1 < nodes ? &pool[i + 1] : 0;
    pool[i].key = (int16_t)i;
    pool[i].value = (int16_t)next_random(&seed);
  }
  struct node* list = pool;
  for (int16_t key = 3; key < 80; key += 9) {
    const struct node* const found = find(list, key);
    crc = crc16(crc, found ? (uint16_t)found->value : 0xffff);
    list = turn_round(list);
  }
  list = sort(list, nodes, 1);
  crc = crc16(crc, (uint16_t)list->key);
  list = sort(list, nodes, 0);
  return crc16(crc, (uint16_t)list->value);
}

static uint16_t matrices(int16_t* a, int16_t* b, int32_t* product, uint32_t seed, uint16_t crc) {
  for (unsigned i = 0; i < size * size; ++i) {
    a[i] = (int16_t)(next_random(&seed) & 0xff);
    b[i] = (int16_t)(next_random(&seed) & 0xff);
  }
  for (unsigned i = 0; i < size; ++i) {
    for (unsigned j = 0; j < size; ++j) {
      int32_t sum = 0;
      for (unsigned k = 0; k < size; ++k) sum += a[i * size + k] * b[k * size + j];
      product[i * size + j] = sum;
    }
  }
  int32_t above = 0;
  int32_t last = 0;
  for (unsigned i = 0; i < size * size; ++i) {
    const int32_t bits = (product[i] >> 2 & 15) * (product[i] >> 5 & 127);
    above += bits > last ? 10 : 0;
    last = bits;
  }
  return crc16(crc, (uint16_t)above);
}

enum state { start, sign, integer, fraction, exponent_mark, exponent, bad, states };

static enum state step(enum state now, char c) {
  const int digit = c >= '0' && c <= '9';
  switch (now) {
    case start: return digit ? integer : c == '+' || c == '-' ? sign : c == '.' ? fraction : bad;
    case sign: return digit ? integer : c == '.' ? fraction : bad;
    case integer: return digit ? integer : c == '.' ? fraction : c == 'e' ? exponent_mark : bad;
    case fraction: return digit ? fraction : c == 'e' ? exponent_mark : bad;
    case exponent_mark: return digit || c == '-' ? exponent : bad;
    case exponent: return digit ? exponent : bad;
    default: return bad;
  }
}

static uint16_t numbers(uint32_t seed, uint16_t crc) {
  static const char text[] = "5012,-874,+122,35.54e4,.1234500,-110.700,+0.64400,5.5e-3,-.123e7,T0.3e-1F,1e+5,7,-12.x";
  uint8_t count[states] = {0};
  const unsigned flip = next_random(&seed) % (sizeof text - 1);
  enum state now = start;
  for (unsigned i = 0; i < sizeof text - 1; ++i) {
    const char c = i == flip ? '7' : text[i];
    if (c == ',') {
      ++count[now];
      now = start;
    } else {
      now = step(now, c);
    }
  }
  for (unsigned i = 0; i < states; ++i) crc = crc16(crc, count[i]);
  return crc;
}

uint32_t benchmark(uint32_t* workspace, uint32_t repetitions, uint32_t on_caliptra) {
  (void)on_caliptra;
  struct node* const pool = (struct node*)workspace;
  int16_t* const a = (int16_t*)(workspace + 1024);
  int16_t* const b = (int16_t*)(workspace + 2048);
  int32_t* const product = (int32_t*)(workspace + 3072);
  uint16_t crc = 0;
  for (uint32_t i = 0; i < repetitions; ++i) {
    // The same data in each round.
    crc = lists(pool, 11, crc);
    crc = matrices(a, b, product, 12, crc);
    crc = numbers(13, crc);
  }
  return crc;
}
