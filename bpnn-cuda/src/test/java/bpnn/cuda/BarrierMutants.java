package bpnn.cuda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.Backend;
import bpnn.spi.BackendException;
import bpnn.spi.Numerics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Removes the barriers, fences and waits of the kernels one at a time: the sanitizer must find each of these mutants
 * in the trainings of {@link TrainingStepTest}. One that it does not find stands for a barrier that no kernel needs, or
 * for a case that no test has. Takes minutes, so it is run by hand: {@code -Dtest=BarrierMutants}.
 */
class BarrierMutants {
    private static final Pattern BARRIERS = Pattern.compile(
            "(__syncthreads\\(\\)|__syncwarp\\(\\)|__threadfence\\(\\)|wait_for_copies<[^>()]*>\\(\\));");

    private static final String KERNELS = "bpnn/cuda/kernels.cu";

    @TempDir
    private Path folder;

    private static String kernels() {
        try (InputStream in = BarrierMutants.class.getClassLoader().getResourceAsStream(KERNELS)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Arguments> mutants() {
        String source = kernels();
        return Stream.concat(
                Stream.of(Arguments.of("no mutant", source, true)),
                BARRIERS.matcher(source).results().map(barrier -> mutant(source, barrier)));
    }

    private static Arguments mutant(String source, MatchResult barrier) {
        String before = source.substring(0, barrier.start());
        long line = before.lines().count();
        return Arguments.of(line + ": " + barrier.group(), before + ";" + source.substring(barrier.end()), false);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void isFound(String name, String source, boolean passes) throws Exception {
        Path file = folder.resolve(KERNELS);
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-D" + StandIn.SANITIZED + "=true",
                        "-cp",
                        folder + ":" + System.getProperty("java.class.path"),
                        Trainings.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        if (passes) {
            assertThat(output).contains(Trainings.SAYS + StandIn.Finding.NOTHING);
        } else {
            assertThat(output).contains(Trainings.SAYS).doesNotContain(Trainings.SAYS + StandIn.Finding.NOTHING);
        }
    }

    /** Main class of a JVM that trains all networks until the sanitizer finds something. */
    static final class Trainings {
        private static final String SAYS = "The sanitizer found: ";

        private Trainings() {}

        public static void main(String[] arguments) {
            for (Numerics numerics : Numerics.values()) {
                Iterator<Arguments> trainings = TrainingStepTest.trainings().iterator();
                while (trainings.hasNext()) {
                    train(numerics, (SmallTraining) trainings.next().get()[1]);
                }
            }
            System.out.println(SAYS + StandIn.Finding.NOTHING);
        }

        private static void train(Numerics numerics, SmallTraining training) {
            try (Backend cuda = StandInFixture.open(numerics)) {
                try {
                    training.run(cuda);
                } catch (BackendException e) {
                    System.out.println(SAYS + StandIn.Finding.now());
                    System.exit(0);
                }
            }
        }
    }
}
