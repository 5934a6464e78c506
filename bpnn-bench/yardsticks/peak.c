/* The fma peak: independent chains over vectors of BITS bits on every thread, the best of some bursts, in GFLOP/s.
   cc -O2 -march=native -DBITS=256 -pthread peak.c && ./a.out THREADS */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef float vector __attribute__((vector_size(BITS / 8)));

/* Twelve chains and their operand fit into 16 registers. */
#define CHAINS 12
#define LOOPS 1000000
#define BURSTS 20

/* The empty assembly keeps the compiler from leaving something out. */
#if defined(__AVX512F__)
#define REGISTER "+v"
#elif defined(__x86_64__)
#define REGISTER "+x"
#else
#define REGISTER "+w"
#endif
#define STEP(s) s = s * x + x; __asm__ volatile("" : REGISTER(s));

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + 1e-9 * now.tv_nsec;
}

static void *run(void *result)
{
    double best = 0;
    for (int burst = 0; burst < BURSTS; burst++) {
        vector x = {0};
        x += 0.999f;
        vector s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x, s8 = x, s9 = x, sa = x, sb = x;
        double start = seconds();
        for (int loop = 0; loop < LOOPS; loop++) {
            STEP(s0) STEP(s1) STEP(s2) STEP(s3) STEP(s4) STEP(s5)
            STEP(s6) STEP(s7) STEP(s8) STEP(s9) STEP(sa) STEP(sb)
        }
        double rate = 2.0 * CHAINS * (BITS / 32) * LOOPS / (seconds() - start) / 1e9;
        if (rate > best)
            best = rate;
    }
    *(double *)result = best;
    return NULL;
}

int main(int count, char **words)
{
    int threads = count > 1 ? atoi(words[1]) : 1;
    pthread_t *ids = malloc(threads * sizeof *ids);
    double *rates = malloc(threads * sizeof *rates);
    double sum = 0;
    for (int i = 0; i < threads; i++)
        pthread_create(&ids[i], NULL, run, &rates[i]);
    for (int i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        sum += rates[i];
    }
    printf("%.1f\n", sum);
    return 0;
}
