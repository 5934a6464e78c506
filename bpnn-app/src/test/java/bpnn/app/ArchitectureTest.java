package bpnn.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point one way: app to lab, web, chart, io, mnist and api; within the api nn to tensor to spi; backends to spi alone. */
@AnalyzeClasses(
        packages = "bpnn",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.DoNotIncludeTestJars.class})
class ArchitectureTest {
    private static final String[] API = {
        "bpnn.backend..", "bpnn.data..", "bpnn.nn..", "bpnn.random..", "bpnn.spi..", "bpnn.tensor.."
    };
    /** Jars of tests that other modules publish for each other. */
    static final class DoNotIncludeTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    private static final String PLATFORM = "java..";
    private static final String NULLNESS = "org.jspecify..";

    @ArchTest
    static final ArchRule RANDOM_KNOWS_NOTHING = knowsOnly("bpnn.random..", "bpnn.random..");

    @ArchTest
    static final ArchRule DATA_KNOWS_NOTHING = knowsOnly("bpnn.data..", "bpnn.data..");

    @ArchTest
    static final ArchRule SPI_KNOWS_RANDOM_NUMBERS = knowsOnly("bpnn.spi..", "bpnn.spi..", "bpnn.random..");

    @ArchTest
    static final ArchRule SELECTION_KNOWS_SPI = knowsOnly("bpnn.backend..", "bpnn.backend..", "bpnn.spi..");

    @ArchTest
    static final ArchRule TENSOR_KNOWS_SPI = knowsOnly("bpnn.tensor..", "bpnn.tensor..", "bpnn.spi..");

    @ArchTest
    static final ArchRule NN_KNOWS_TENSOR =
            knowsOnly("bpnn.nn..", "bpnn.nn..", "bpnn.tensor..", "bpnn.spi..", "bpnn.data..", "bpnn.random..");

    /** Readers of data sets: formats and data, and nothing that learns. */
    @ArchTest
    static final ArchRule READERS_KNOW_FORMATS = knowsOnly(
            "bpnn.images..",
            "bpnn.images..",
            "bpnn.mnist..",
            "bpnn.io..",
            "bpnn.data..",
            "bpnn.random..",
            "de.siegmar.fastcsv..",
            "org.apache.commons.compress..");

    @ArchTest
    static final ArchRule DATA_SETS_KNOW_DATA =
            knowsOnly("bpnn.mnist..", "bpnn.mnist..", "bpnn.data..", "bpnn.random..", "javax.net.ssl..");

    /** Formats and nothing else: no runs, no backends, no command line. */
    @ArchTest
    static final ArchRule FORMATS_KNOW_THE_API = knowsOnly(
            "bpnn.io..",
            "bpnn.io..",
            "bpnn.nn..",
            "bpnn.tensor..",
            "bpnn.spi..",
            "bpnn.data..",
            "com.drew..",
            "com.fasterxml.jackson..",
            "javax.imageio..");

    /** Numbers and nothing else. */
    @ArchTest
    static final ArchRule CHARTS_KNOW_FILES_ALONE = knowsOnly(
            "bpnn.chart..",
            "bpnn.chart..",
            "bpnn.io.file..",
            "com.fasterxml.jackson..",
            "javax.imageio..",
            "org.knowm.xchart..");

    @ArchTest
    static final ArchRule WHAT_DRAWS_STAYS_IN_THE_CHARTS = noClasses()
            .that()
            .resideOutsideOfPackage("bpnn.chart..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.knowm.xchart..");

    /** Runs and reports: no backend, no data set by name, no command line. */
    @ArchTest
    static final ArchRule THE_LABORATORY_KNOWS_THE_API_AND_FORMATS = knowsOnly(
            "bpnn.lab..",
            "bpnn.lab..",
            "bpnn.chart..",
            "bpnn.io..",
            "bpnn.nn..",
            "bpnn.tensor..",
            "bpnn.backend..",
            "bpnn.spi..",
            "bpnn.data..",
            "bpnn.random..",
            "com.fasterxml.jackson..",
            "javax.imageio..");

    /** Conclusions and pages: what the laboratory gives, and nothing that computes. */
    @ArchTest
    static final ArchRule REPORTS_KNOW_THE_LABORATORY = knowsOnly(
            "bpnn.report..",
            "bpnn.report..",
            "bpnn.lab..",
            "bpnn.chart..",
            "bpnn.io.file..",
            "bpnn.io.image..",
            "bpnn.spi..",
            "bpnn.data..",
            "bpnn.random..",
            "com.fasterxml.jackson..",
            "javax.imageio..");

    @ArchTest
    static final ArchRule THE_LABORATORY_HAS_NO_CIRCLES =
            slices().matching("bpnn.lab.(*)..").should().beFreeOfCycles();

    /** A server and its page: no runs, no command line. */
    @ArchTest
    static final ArchRule THE_PAGE_KNOWS_MODELS = knowsOnly(
            "bpnn.web..",
            "bpnn.web..",
            "bpnn.io..",
            "bpnn.data..",
            "bpnn.nn..",
            "bpnn.spi..",
            "com.fasterxml.jackson..",
            "com.sun.net.httpserver..");

    @ArchTest
    static final ArchRule BACKENDS_KNOW_SPI_ALONE = classes()
            .that()
            .resideInAPackage("bpnn.cpu..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "bpnn.cpu..", "bpnn.spi..", "bpnn.random..", PLATFORM, NULLNESS, "jdk.incubator.vector..")
            .allowEmptyShould(true);

    /** It has to find NVIDIA's libraries and to keep compiled kernels, hence the files among what is Java's. */
    @ArchTest
    static final ArchRule CUDA_KNOWS_SPI_AND_JCUDA =
            knowsOnly("bpnn.cuda..", "bpnn.cuda..", "bpnn.spi..", "bpnn.random..", "jcuda..");

    @ArchTest
    static final ArchRule JCUDA_STAYS_IN_ITS_BACKEND = noClasses()
            .that()
            .resideOutsideOfPackage("bpnn.cuda..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jcuda..");

    @ArchTest
    static final ArchRule THE_APP_NAMES_NO_BACKEND = noClasses()
            .that()
            .resideInAPackage("bpnn.app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("bpnn.cpu..", "bpnn.cuda..");

    @ArchTest
    static final ArchRule THE_APP_HAS_NO_CIRCLES =
            slices().matching("bpnn.app.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NOTHING_KNOWS_THE_PROGRAM = noClasses()
            .that()
            .resideOutsideOfPackage("bpnn.app")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("bpnn.app");

    @ArchTest
    static final ArchRule ONLY_THE_APP_PARSES_OPTIONS = noClasses()
            .that()
            .resideOutsideOfPackage("bpnn.app..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    /** It asks for trainings and figures, and neither trains nor evaluates itself. */
    @ArchTest
    static final ArchRule THE_APP_COMPUTES_NOTHING = noClasses()
            .that()
            .resideInAPackage("bpnn.app..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("bpnn.tensor..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("bpnn\\.nn\\.(Network|Trainer|Evaluator|DeviceData)");

    @ArchTest
    static final ArchRule THE_API_KNOWS_NO_FILES = noClasses()
            .that()
            .resideInAnyPackage(API)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..", "java.net..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching(
                    "java\\.io\\.(File|RandomAccessFile|FileInputStream|FileOutputStream|FileReader|FileWriter)");

    @ArchTest
    static final ArchRule ONLY_THE_APP_KNOWS_THE_TERMINAL = noClasses()
            .that()
            .resideOutsideOfPackage("bpnn.app")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule ALL_RANDOM_NUMBERS_ARE_OURS = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.util\\.(Random|SplittableRandom|concurrent\\.ThreadLocalRandom)")
            .orShould()
            .callMethod(Math.class, "random");

    private static ArchRule knowsOnly(String who, String... whom) {
        String[] allowed = new String[whom.length + 2];
        System.arraycopy(whom, 0, allowed, 0, whom.length);
        allowed[whom.length] = PLATFORM;
        allowed[whom.length + 1] = NULLNESS;
        return classes()
                .that()
                .resideInAPackage(who)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed);
    }
}
