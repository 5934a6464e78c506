package bpnn.app.command;

import bpnn.app.doctor.DoctorResult;
import bpnn.app.doctor.Machine;
import bpnn.app.option.BackendOptions;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.backend.BackendCatalogue;
import bpnn.backend.Rejection;
import bpnn.mnist.MnistSource;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what there is on this machine, what is missing, and what to do about it. */
@Command(
        name = "doctor",
        sortOptions = false,
        description =
                "Examines Java, vectors, cores, memory, temp folder, backends, plug-ins and data, and says what to"
                        + " do about what is wrong. Its exit code is 0 whatever it finds.")
public final class DoctorCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final BackendOptions backends = new BackendOptions();

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder with MNIST's four files, packed or not.")
    private @Nullable Path dataDir;

    public DoctorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        StringBuilder listed = new StringBuilder("backends\n");
        StringBuilder text = new StringBuilder();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        List<DoctorResult> findings = new ArrayList<>(Machine.examine());
        findings.add(DoctorResult.of("data", this::data));
        findings.add(DoctorResult.of("plugins", this::plugins));
        findings.add(DoctorResult.of("selection", (facts, problems) -> listBackends(facts, listed, json)));
        for (DoctorResult finding : findings) {
            finding.describe(text, session.terminal().lineLimit());
            finding.describe(json);
        }
        text.append(listed);
        int problems = findings.stream().mapToInt(f -> f.problems().size()).sum();
        json.put("problemCount", problems);
        text.append(problems == 0 ? "All is well." : problems == 1 ? "1 problem." : problems + " problems.");
        session.result(text.toString(), json);
        return ExitCode.DONE;
    }

    private void listBackends(Map<String, String> facts, StringBuilder listed, ObjectNode json) {
        BackendCatalogue catalogue = backends.compute().catalogue();
        BackendReport.describe(catalogue, session.terminal().lineLimit(), listed, json);
        facts.put("choice", backends.select(catalogue).explanation());
    }

    private void data(Map<String, String> facts, List<String> problems) {
        MnistSource source = new MnistSource();
        facts.put("cache", source.cache().toString());
        Optional<Path> place = source.locate(dataDir);
        boolean intact = source.find(dataDir).isPresent();
        facts.put(
                "mnist",
                intact ? place.map(Path::toString).orElse("") + ", all checksums match the original's" : "not here");
        if (!intact) {
            problems.add("MNIST is not here; ./bpnn data download fetches it, --data-dir says where it is, and without"
                    + " it synthetic digits are used.");
        }
    }

    private void plugins(Map<String, String> facts, List<String> problems) {
        Path folder = backends.compute().folder();
        facts.put("folder", folder + (Files.isDirectory(folder) ? "" : ", which does not exist and need not"));
        for (Rejection rejection : backends.compute().catalogue().rejections()) {
            problems.add(rejection.origin() + " is left out. " + rejection.reason());
        }
    }
}
