package bpnn.cpu;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs a test with one, two and three threads. */
@ParameterizedTest
@ValueSource(ints = {1, 2, 3})
@Retention(RetentionPolicy.RUNTIME)
@interface ForThreads {}
