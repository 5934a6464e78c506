package bpnn.cpu;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A test for several numbers of threads. */
@ParameterizedTest
@ValueSource(ints = {1, 2, 3})
@Retention(RetentionPolicy.RUNTIME)
@interface ForThreads {}
