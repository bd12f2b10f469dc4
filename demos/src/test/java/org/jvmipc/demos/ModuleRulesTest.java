package org.jvmipc.demos;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the direction between the modules: demos, cli and benchmarks see the transports, these see posix, posix sees
 * core; no transport sees another, but that queues on disk (mq) use the segments and locks of shm; groups of processes
 * use segments and signals; and core sees the JDK alone. No rule allows an empty set of classes: a rule that matches
 * nothing fails.
 */
class ModuleRulesTest {
    private static final String ROOT = "org.jvmipc";
    private static final String CORE = "core";

    /** What each module may use. A module that holds no class yet gets its row with its first one. */
    private static final List<Module> MODULES = List.of(
            // Of the JDK's other modules one that may be missing: core looks before it uses it.
            new Module(CORE, "", "jdk.jfr"),
            new Module("posix", "core", "jnr com.kenai.jffi"),
            new Module("testkit", "core", "org.junit.jupiter.api org.junit.platform.commons org.opentest4j"),
            new Module("pipes", "core posix", ""),
            new Module("shm", "core posix", ""),
            new Module("mq", "core posix shm", "net.openhft"),
            new Module("signals", "core posix", ""),
            new Module("process", "core shm signals", ""),
            new Module("micrometer", "core", "io.micrometer.core"),
            new Module("cli", "core pipes shm mq process", "picocli org.HdrHistogram"),
            new Module("benchmarks", "core posix pipes shm mq signals", "org.HdrHistogram org.openjdk.jmh io.aeron "
                    + "org.agrona net.openhft org.zeromq com.sun.management"),
            new Module("demos", "core pipes shm mq signals process", "org.agrona com.google.protobuf"));

    private static final Set<String> NOT_CORE = Set.of(
            "posix", "testkit", "pipes", "shm", "mq", "signals", "process", "micrometer", "cli", "benchmarks", "demos");

    /** Who may look at the clock on the wall. */
    private static final Set<String> WALL = new TreeSet<>(Set.of(
            // To tell people since when something is there, open, held or waited for.
            "internal.EndCounters", "internal.Pause", "posix.internal.CounterFile", "shm.sync.Contention",
            "shm.sync.SyncContent", "shm.sync.Waiters",
            // The time is a part of a name.
            "shm.Door", "mq.internal.persistent.QueueRepair",
            // What is left over, once nobody has its lock, or opens it, for long enough.
            "posix.Registry", "shm.SegmentLook", "pipes.internal.FifoListener",
            // Until when to wait, as the kernel of old systems or the caller wants it.
            "posix.PosixSemaphoreCalls", "shm.sync.SharedCondition",
            // Times of messages, which outlive a boot.
            "mq.internal.persistent.QueueClock", "mq.internal.persistent.Store"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("package-info"))
            // Copies beside the executable jar, whose manifest names them.
            .withImportOption(location -> !location.contains("/target/lib/"))
            .importPackages(ROOT);

    /** A module, the sister modules it may use, and the packages of others that it may use beside {@code java}. */
    private record Module(String name, Set<String> sisters, Set<String> libraries) {
        Module(String name, String sisters, String libraries) {
            this(name, words(sisters), words(libraries));
        }

        private static Set<String> words(String text) {
            return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).collect(Collectors.toSet());
        }

        boolean allows(JavaClass type) {
            if (type.isPrimitive()) {
                return true;
            }
            String home = moduleOf(type);
            return home.isEmpty()
                    ? Stream.concat(Stream.of("java"), libraries.stream()).anyMatch(p -> isUnder(type, p))
                    : home.equals(name) || sisters.contains(home);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Module> modules() {
        return MODULES;
    }

    @ParameterizedTest
    @MethodSource("modules")
    void moduleUsesOnlyWhatStandsBelowIt(Module module) {
        classes().that(areIn(module.name()))
                .should().onlyDependOnClassesThat(describe("are in java, " + module.name() + ", "
                        + module.sisters() + " or " + module.libraries(),
                        type -> module.allows(type.getBaseComponentType())))
                .check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void packagesLieInTheModuleTheyAreNamedFor(Module module) {
        String folder = module.name().equals("demos") ? "demos" : "ipc-" + module.name();
        classes().that(areIn(module.name()))
                .should(new ArchCondition<>("be built in " + folder) {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        String source = type.getSource().orElseThrow().getUri().toString();
                        if (!source.contains("/" + folder + "/")) {
                            events.add(SimpleConditionEvent.violated(type, type.getName() + " is in " + source));
                        }
                    }
                })
                .check(CLASSES);
    }

    @Test
    void everyModuleWithClassesHasItsRow() {
        Set<String> rows = new TreeSet<>();
        MODULES.forEach(module -> rows.add(module.name()));
        Set<String> found = new TreeSet<>();
        CLASSES.forEach(type -> found.add(moduleOf(type)));
        assertEquals(rows, found, "modules that hold classes");
    }

    @Test
    void internalPackagesAreUsedInTheirOwnModuleOnly() {
        assertTrue(CLASSES.stream().anyMatch(ModuleRulesTest::isInternal), "no internal package was seen");
        classes().that(resideInAPackage(ROOT + ".."))
                .should(new ArchCondition<>("use no internal package of another module") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        for (Dependency use : type.getDirectDependenciesFromSelf()) {
                            JavaClass target = use.getTargetClass().getBaseComponentType();
                            if (isInternal(target) && !moduleOf(target).equals(moduleOf(type))) {
                                events.add(SimpleConditionEvent.violated(use, use.getDescription()));
                            }
                        }
                    }
                })
                .check(CLASSES);
    }

    @Test
    void nativeCallsAreMadeInPosixOnly() {
        classes().that(describe("use jnr", type -> type.getDirectDependenciesFromSelf().stream()
                        .map(use -> use.getTargetClass().getBaseComponentType())
                        .anyMatch(resideInAnyPackage("jnr..", "com.kenai.jffi.."))))
                .should().resideInAPackage(ROOT + ".posix..")
                .check(CLASSES);
    }

    /** R51: no class is chosen by bytes that came from elsewhere. */
    @Test
    void nothingIsDeserialized() {
        noClasses().should().dependOnClassesThat().haveNameMatching(
                "java\\.io\\.Object(Input|Output).*|java\\.beans\\.XML.*|java\\.io\\.Externalizable")
                .check(CLASSES);
    }

    /** R60: the clock on the wall may be set at any time, so nobody may be taken for dead by it. */
    @Test
    void theClockOnTheWallIsForPeople() {
        Set<String> readers = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            if (!List.of("benchmarks", "demos", "cli", "testkit", "micrometer").contains(moduleOf(type))
                    && type.getAccessesFromSelf().stream().anyMatch(ModuleRulesTest::readsTheWall)) {
                readers.add(type.getFullName().replace(ROOT + ".", "").replaceAll("\\$.*", ""));
            }
        }
        assertEquals(WALL, readers);
    }

    private static boolean readsTheWall(JavaAccess<?> call) {
        String target = call.getTargetOwner().getFullName() + "." + call.getTarget().getName();
        return target.equals("java.lang.System.currentTimeMillis")
                || target.matches("java\\.time\\.\\w+\\.(now|system\\w*)") || target.equals("java.util.Date.<init>");
    }

    private static DescribedPredicate<JavaClass> areIn(String module) {
        return describe("are in " + module, type -> moduleOf(type).equals(module));
    }

    /** The module a type's package names, or the empty string for a type that is not ours. */
    private static String moduleOf(JavaClass type) {
        if (!isUnder(type, ROOT)) {
            return "";
        }
        String[] names = type.getPackageName().split("\\.");
        return names.length > 2 && NOT_CORE.contains(names[2]) ? names[2] : CORE;
    }

    private static boolean isInternal(JavaClass type) {
        return isUnder(type, ROOT) && List.of(type.getPackageName().split("\\.")).contains("internal");
    }

    private static boolean isUnder(JavaClass type, String prefix) {
        return (type.getPackageName() + ".").startsWith(prefix + ".");
    }
}
