package bpnn.app.doctor;

import bpnn.io.file.AtomicFile;
import bpnn.lab.run.Build;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The Java and the machine that the program runs on. */
public final class Machine {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final long SMALL_HEAP = 512L << 20;
    private static final long LITTLE_SPACE = 100L << 20;
    private static final int PATIENCE_SECONDS = 5;

    private Machine() {}

    /** All that is to be known. */
    public static List<DoctorResult> examine() {
        return List.of(
                DoctorResult.of("java", Machine::java),
                DoctorResult.of("vectors", Machine::vectors),
                DoctorResult.of("cores", Machine::cores),
                DoctorResult.of("memory", Machine::memory),
                DoctorResult.of(
                        "temp",
                        (facts, problems) -> temp(Path.of(System.getProperty("java.io.tmpdir", "")), facts, problems)));
    }

    private static void java(Map<String, String> facts, List<String> problems) {
        facts.put("bpnn", Build.number() + ", commit " + Build.commit());
        facts.put("version", Runtime.version().toString());
        facts.put("vm", System.getProperty("java.vm.name") + ", " + System.getProperty("java.vm.vendor"));
        facts.put("home", System.getProperty("java.home"));
        facts.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        if (!System.getProperty("java.vm.name", "").contains("HotSpot")
                && !System.getProperty("java.vm.name", "").contains("OpenJDK")) {
            problems.add("This is not a HotSpot virtual machine; its vectors may be slow, so compare with"
                    + " -Dbpnn.cpu.width=scalar.");
        }
    }

    /** Through reflection, since the module is absent unless the launcher asks for it. */
    private static void vectors(Map<String, String> facts, List<String> problems) {
        ModuleLayer.boot()
                .findModule(VECTOR_MODULE)
                .ifPresentOrElse(
                        module -> facts.put("width", width(module) + " bits"),
                        () -> problems.add("The Vector API is not loaded, so scalar code computes; start the program by"
                                + " ./bpnn, or Java with --add-modules " + VECTOR_MODULE + "."));
    }

    private static int width(Module module) {
        try {
            Class<?> shape = Class.forName(module, VECTOR_MODULE + ".VectorShape");
            Object preferred = shape.getMethod("preferredShape").invoke(null);
            return (int) shape.getMethod("vectorBitSize").invoke(preferred);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The Vector API is loaded, but does not tell its width: " + e, e);
        }
    }

    private static void cores(Map<String, String> facts, List<String> problems) throws IOException {
        int granted = Runtime.getRuntime().availableProcessors();
        facts.put("granted", String.valueOf(granted));
        Path info = Path.of("/proc/cpuinfo");
        if (Files.isReadable(info)) {
            try (Stream<String> lines = Files.lines(info)) {
                List<String> models = lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .toList();
                facts.put("machine", String.valueOf(models.size()));
                models.stream().findFirst().ifPresent(model -> facts.put("processor", model));
            }
        }
        Path quota = Path.of("/sys/fs/cgroup/cpu.max");
        if (Files.isReadable(quota)) {
            facts.put("quota", Files.readString(quota).strip());
        }
    }

    private static void memory(Map<String, String> facts, List<String> problems) {
        long heap = Runtime.getRuntime().maxMemory();
        facts.put("heap", megabytes(heap));
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof com.sun.management.OperatingSystemMXBean details) {
            facts.put("granted", megabytes(details.getTotalMemorySize()));
            facts.put("free", megabytes(details.getFreeMemorySize()));
        }
        if (heap < SMALL_HEAP) {
            problems.add("The heap is limited to " + megabytes(heap)
                    + ", little for 60,000 images; ./bpnn -Xmx1g ... raises that.");
        }
    }

    static void temp(Path folder, Map<String, String> facts, List<String> problems) throws IOException {
        facts.put("folder", folder.toString());
        Path file;
        try {
            file = Files.createTempFile(folder, "bpnn", ".sh");
        } catch (IOException e) {
            problems.add("No file can be created in " + folder + " (" + AtomicFile.reason(e)
                    + "); ./bpnn -Djava.io.tmpdir=DIR ... names another folder.");
            return;
        }
        try {
            long space = Files.getFileStore(folder).getUsableSpace();
            facts.put("space", megabytes(space));
            if (space < LITTLE_SPACE) {
                problems.add("There is hardly any space left in " + folder + ".");
            }
            boolean executable = runs(file);
            facts.put("executable", executable ? "yes" : "no");
            if (!executable) {
                problems.add("Programs in " + folder + " may not be run, so a backend that unpacks native libraries"
                        + " there cannot load them; ./bpnn -Djava.io.tmpdir=DIR ... names another folder.");
            }
        } finally {
            Files.delete(file);
        }
    }

    /** The only sure test is to try: whether a file system is mounted noexec stands nowhere in its attributes. */
    private static boolean runs(Path script) throws IOException {
        if (System.getProperty("os.name", "").startsWith("Windows")) {
            return true;
        }
        Files.writeString(script, "#!/bin/sh\nexit 0\n");
        if (!script.toFile().setExecutable(true)) {
            return false;
        }
        try {
            Process process = new ProcessBuilder(script.toString()).start();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + " MB";
    }
}
