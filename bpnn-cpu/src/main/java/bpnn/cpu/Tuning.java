package bpnn.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * The file with the fastest way to compute each class of products on this machine. It is measured if there is no file yet,
 * which the launcher arranges once for each Java; a file of another machine does not count.
 */
final class Tuning {
    /** System property with the path of the file. Without it nothing is measured. */
    static final String PROPERTY = "bpnn.cpu.tuning";

    private static final String MACHINE = "machine";

    private final Path file;
    private final String machine;

    /** @param machine processor, JVM and length of the vectors */
    Tuning(Path file, String machine) {
        this.file = file;
        this.machine = machine;
    }

    /** The arithmetic with the plan of the file. */
    static Arithmetic apply(Arithmetic arithmetic, int threads) {
        String path = System.getProperty(PROPERTY);
        if (path == null || arithmetic.gemms().size() == 1) {
            return arithmetic;
        }
        String machine = Processor.description() + ", Java " + Runtime.version() + ", " + arithmetic.name();
        return arithmetic.with(new Tuning(Path.of(path), machine).plan(arithmetic, () -> {
            try (WorkerPool pool = new WorkerPool(threads)) {
                return new GemmTuner(pool, arithmetic.gemms()).improve(arithmetic.plan());
            }
        }));
    }

    /** The plan of the file, or what {@code measure} finds if there is no file, or else that of the arithmetic. */
    GemmPlan plan(Arithmetic arithmetic, Supplier<GemmPlan> measure) {
        if (Files.exists(file)) {
            return read(arithmetic.gemms()).orElse(arithmetic.plan());
        }
        GemmPlan plan = measure.get();
        write(plan);
        return plan;
    }

    /** Empty if the file is of another machine, is damaged, or names a candidate that there is no more. */
    private Optional<GemmPlan> read(List<GemmCandidate> candidates) {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            System.getLogger(Tuning.class.getName()).log(Level.WARNING, file + " cannot be read and has no effect", e);
            return Optional.empty();
        }
        if (!machine.equals(properties.getProperty(MACHINE))) {
            return Optional.empty();
        }
        List<GemmCandidate> byClass = new ArrayList<>();
        for (int i = 0; i < GemmPlan.CLASSES; i++) {
            String name = properties.getProperty(key(i));
            candidates.stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .forEach(byClass::add);
        }
        return byClass.size() == GemmPlan.CLASSES ? Optional.of(new GemmPlan(byClass)) : Optional.empty();
    }

    /** Keeps a plan; where that is impossible, it is measured again at the next start. */
    private void write(GemmPlan plan) {
        List<String> lines = new ArrayList<>();
        lines.add(MACHINE + "=" + machine.replace("\\", "\\\\"));
        for (int i = 0; i < GemmPlan.CLASSES; i++) {
            lines.add(key(i) + "=" + plan.byClass().get(i).name());
        }
        Path part = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.write(part, lines);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            System.getLogger(Tuning.class.getName())
                    .log(Level.WARNING, "What was measured cannot be kept in " + file, e);
        }
    }

    private static String key(int productClass) {
        return "class" + productClass;
    }
}
